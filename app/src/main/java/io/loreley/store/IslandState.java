package io.loreley.store;

import io.loreley.domain.IslandKey;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Layout;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The row of {@code map_elites_states} of one island. A snapshot that the Python system wrote is migrated when it is first
 * read, under the lock of its row, so that it happens once. Runs in the transaction of the connection that it is given.
 */
final class IslandState {

    private static final Logger LOG = LoggerFactory.getLogger(IslandState.class);

    /** The Python system's setting if an experiment does not say otherwise, in standard deviations. */
    private static final double DEFAULT_TRUNCATION = 3.0;

    private final Connection connection;
    private final IslandKey key;

    IslandState(Connection connection, IslandKey key) {
        this.connection = connection;
        this.key = key;
    }

    /** What lays out the island's elites; nothing before the first. */
    Geometry geometry(Instant now) throws SQLException {
        ObjectNode snapshot = snapshot("");
        if (snapshot == null) {
            return new Geometry(null, List.of());
        }
        if (LegacySnapshot.recognises(snapshot)) {
            snapshot = migrated(now);
        }
        return new Geometry(IslandSnapshot.layout(snapshot), IslandSnapshot.centroids(snapshot));
    }

    /**
     * @param layout absent before the first commit
     * @param centroids of a tessellation; empty for a grid
     */
    record Geometry(@Nullable Layout layout, List<Vector> centroids) {

        Geometry {
            centroids = List.copyOf(centroids);
        }
    }

    /** Writes a new layout; what else the snapshot holds stays. */
    void write(IslandChange.Rebuilt rebuilt, int historyLimit, Instant now) throws SQLException {
        try (var statement = connection.prepareStatement("""
                INSERT INTO map_elites_states (experiment_id, island_id, snapshot) VALUES (?, ?, ?::jsonb)
                ON CONFLICT (experiment_id, island_id) DO UPDATE SET snapshot = map_elites_states.snapshot || excluded.snapshot""")) {
            bind(statement, 1);
            statement.setString(
                    3, IslandSnapshot.json(rebuilt.layout(), rebuilt.centroids(), historyLimit, epochSeconds(now)));
            statement.executeUpdate();
        }
    }

    static double epochSeconds(Instant instant) {
        return instant.getEpochSecond() + instant.getNano() / 1e9;
    }

    private @Nullable ObjectNode snapshot(String lock) throws SQLException {
        try (var statement = connection.prepareStatement(
                "SELECT snapshot::text FROM map_elites_states WHERE experiment_id = ? AND island_id = ? " + lock)) {
            bind(statement, 1);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? IslandSnapshot.parse(rows.getString(1)) : null;
            }
        }
    }

    private ObjectNode migrated(Instant now) throws SQLException {
        ObjectNode stored = snapshot("FOR UPDATE");
        if (stored == null) {
            throw new IllegalStateException("island %s vanished while it was read".formatted(key));
        }
        if (!LegacySnapshot.recognises(stored)) {
            return stored;
        }
        LegacySnapshot legacy = LegacySnapshot.read(stored, truncation(), epochSeconds(now));
        var rows = new LegacyRows(connection, key);
        int cells = rows.insertCells(legacy);
        int observations = rows.insertHistory(legacy);
        rows.complete(legacy.projectionVersion());
        try (var statement = connection.prepareStatement(
                "UPDATE map_elites_states SET snapshot = ?::jsonb WHERE experiment_id = ? AND island_id = ?")) {
            statement.setString(1, legacy.migrated().toString());
            bind(statement, 2);
            statement.executeUpdate();
        }
        LOG.atInfo()
                .addKeyValue("experiment", key.experiment())
                .addKeyValue("island", key.island())
                .addKeyValue("cells", cells)
                .addKeyValue("observations", observations)
                .log("snapshot.migrated");
        if (!legacy.malformed().isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("experiment", key.experiment())
                    .addKeyValue("island", key.island())
                    .addKeyValue("entries", legacy.malformed().size())
                    .addKeyValue("first", legacy.malformed().getFirst().reason())
                    .addKeyValue("kept", "map_elites_states.snapshot.malformed")
                    .log("snapshot.malformed");
        }
        return legacy.migrated();
    }

    private double truncation() throws SQLException {
        try (var statement = connection.prepareStatement("""
                SELECT (config_snapshot ->> 'mapelites_feature_truncation_k')::float8 FROM experiments
                WHERE id = ? AND jsonb_typeof(config_snapshot -> 'mapelites_feature_truncation_k') = 'number'""")) {
            statement.setObject(1, key.experiment().value());
            try (var rows = statement.executeQuery()) {
                double stored = rows.next() ? rows.getDouble(1) : 0;
                return stored > 0 ? stored : DEFAULT_TRUNCATION;
            }
        }
    }

    private void bind(PreparedStatement statement, int from) throws SQLException {
        statement.setObject(from, key.experiment().value());
        statement.setString(from + 1, key.island());
    }
}
