package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.IslandKey;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Traits;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.postgresql.PGStatement;

/**
 * The rows of one island, in bulk: its cells and the history of what was offered to it. Runs in the transaction of the
 * connection that it is given.
 *
 * <p>Vectors are read as the bytes of {@code array_send}, in the binary protocol: the driver boxes each double of an
 * array, and its text is three times as long.
 */
final class IslandRows {

    /** {@link PGStatement#setPrepareThreshold}: results are binary from the first execution on. */
    private static final int BINARY_AT_ONCE = -1;

    /** Rows in one answer of the server: 256 vectors of 1,536 doubles are 5 MB. */
    private static final int VECTORS_A_FETCH = 256;

    private static final int CELLS_A_FETCH = 8192;

    /** An array's header: dimensions, whether there are nulls, type of element, then length and lower bound. */
    private static final int LENGTH_OFFSET = 12;

    private static final int ELEMENTS_OFFSET = 20;

    /** Oldest of the newest rows of a history: parameters are experiment, island and the limit less one. */
    private static final String CUTOFF = """
            coalesce((SELECT arrival FROM map_elites_pca_history WHERE experiment_id = ? AND island_id = ?
                ORDER BY arrival DESC OFFSET ? LIMIT 1), 0)""";

    /** What a history holds beyond its limit, oldest first, but for elites: parameters are those of the island, and of the cutoff. */
    private static final String BEYOND = """
            FROM map_elites_pca_history h
            WHERE experiment_id = ? AND island_id = ? AND arrival < %s
              AND NOT EXISTS (SELECT FROM map_elites_archive_cells c
                WHERE c.experiment_id = h.experiment_id AND c.island_id = h.island_id AND c.commit_hash = h.commit_hash)
            """.formatted(CUTOFF);

    private final Connection connection;
    private final IslandKey key;

    IslandRows(Connection connection, IslandKey key) {
        this.connection = connection;
        this.key = key;
    }

    /** The newest observations and those of all elites, oldest first. */
    List<StoredObservation> history(int limit) throws SQLException {
        try (var statement = connection.prepareStatement("""
                SELECT commit_hash, array_send(vector), array_send(metric_values), objective, embedding_model, last_seen_at
                FROM map_elites_pca_history h
                WHERE experiment_id = ? AND island_id = ? AND objective IS NOT NULL
                  AND (arrival >= %s OR EXISTS (SELECT FROM map_elites_archive_cells c
                    WHERE c.experiment_id = h.experiment_id AND c.island_id = h.island_id AND c.commit_hash = h.commit_hash))
                ORDER BY arrival""".formatted(CUTOFF))) {
            binary(statement, VECTORS_A_FETCH);
            bind(statement, 1);
            bind(statement, 3);
            statement.setInt(5, limit - 1);
            var history = new ArrayList<StoredObservation>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    history.add(new StoredObservation(
                            new Observation(
                                    new CommitHash(rows.getString(1)),
                                    new Traits(vector(rows, 2), vector(rows, 3)),
                                    rows.getDouble(4),
                                    rows.getString(5)),
                            rows.getDouble(6)));
                }
            }
            return history;
        }
    }

    /** All elites, in the order in which their cells were occupied: draws follow it. */
    List<StoredElite> elites() throws SQLException {
        try (var statement = connection.prepareStatement("""
                SELECT cell_index, commit_hash, objective, coalesce(threshold, objective), array_send(measures), timestamp
                FROM map_elites_archive_cells WHERE experiment_id = ? AND island_id = ? ORDER BY occupied""")) {
            binary(statement, CELLS_A_FETCH);
            bind(statement, 1);
            var elites = new ArrayList<StoredElite>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    elites.add(new StoredElite(
                            rows.getLong(1),
                            new CommitHash(rows.getString(2)),
                            rows.getDouble(3),
                            rows.getDouble(4),
                            vector(rows, 5),
                            rows.getDouble(6)));
                }
            }
            return elites;
        }
    }

    /** Adds an observation; one of the same commit is replaced, and becomes the newest. */
    void remember(Observation seen, double seenAt) throws SQLException {
        try (var statement = connection.prepareStatement("""
                INSERT INTO map_elites_pca_history (experiment_id, island_id, commit_hash, vector, metric_values, objective, embedding_model, last_seen_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (experiment_id, island_id, commit_hash) DO UPDATE SET vector = excluded.vector,
                    metric_values = excluded.metric_values, objective = excluded.objective, embedding_model = excluded.embedding_model,
                    last_seen_at = excluded.last_seen_at, arrival = excluded.arrival""")) {
            bind(statement, 1);
            statement.setString(3, seen.commit().value());
            statement.setObject(4, seen.traits().embedding().toArray());
            statement.setObject(5, seen.traits().values().toArray());
            statement.setDouble(6, seen.objective());
            statement.setString(7, seen.model());
            statement.setDouble(8, seenAt);
            statement.executeUpdate();
        }
    }

    /** Lets go of observations beyond the limit, oldest first; those of elites stay. */
    int forget(int limit) throws SQLException {
        try (var statement = connection.prepareStatement("DELETE " + BEYOND)) {
            bind(statement, 1);
            bind(statement, 3);
            statement.setInt(5, limit - 1);
            return statement.executeUpdate();
        }
    }

    /** How many observations {@link #forget} would let go of. */
    int countBeyond(int limit) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT count(*) " + BEYOND)) {
            bind(statement, 1);
            bind(statement, 3);
            statement.setInt(5, limit - 1);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    /** Inserts or replaces cells, and leaves alone those that hold an elite at least as good, or of another layout. */
    int place(List<StoredElite> elites, int layoutVersion) throws SQLException {
        try (var statement = connection.prepareStatement("""
                INSERT INTO map_elites_archive_cells AS held
                    (experiment_id, island_id, cell_index, commit_hash, objective, threshold, measures, solution, timestamp, projection_version)
                SELECT ?, ?, cell, commit, objective, threshold, given.measures[n * d - d + 1:n * d], given.measures[n * d - d + 1:n * d], placed_at, ?
                FROM (SELECT ?::float8[] AS measures, ?::int AS d) given,
                    unnest(?::bigint[], ?::text[], ?::float8[], ?::float8[], ?::float8[]) WITH ORDINALITY
                        AS elite (cell, commit, objective, threshold, placed_at, n) ORDER BY n
                ON CONFLICT (experiment_id, island_id, cell_index) DO UPDATE SET commit_hash = excluded.commit_hash,
                    objective = excluded.objective, threshold = excluded.threshold, measures = excluded.measures,
                    solution = excluded.solution, timestamp = excluded.timestamp
                WHERE held.projection_version = excluded.projection_version AND held.objective < excluded.objective""")) {
            bind(statement, 1);
            statement.setInt(3, layoutVersion);
            statement.setObject(4, measures(elites));
            statement.setInt(5, dimensions(elites));
            statement.setObject(6, elites.stream().mapToLong(StoredElite::cell).toArray());
            statement.setObject(
                    7, elites.stream().map(elite -> elite.commit().value()).toArray(String[]::new));
            statement.setObject(
                    8, elites.stream().mapToDouble(StoredElite::objective).toArray());
            statement.setObject(
                    9, elites.stream().mapToDouble(StoredElite::threshold).toArray());
            statement.setObject(
                    10, elites.stream().mapToDouble(StoredElite::placedAt).toArray());
            return statement.executeUpdate();
        }
    }

    void clearCells() throws SQLException {
        try (var statement = connection.prepareStatement(
                "DELETE FROM map_elites_archive_cells WHERE experiment_id = ? AND island_id = ?")) {
            bind(statement, 1);
            statement.executeUpdate();
        }
    }

    private void bind(PreparedStatement statement, int from) throws SQLException {
        statement.setObject(from, key.experiment().value());
        statement.setString(from + 1, key.island());
    }

    private static void binary(PreparedStatement statement, int rowsAFetch) throws SQLException {
        statement.unwrap(PGStatement.class).setPrepareThreshold(BINARY_AT_ONCE);
        statement.setFetchSize(rowsAFetch);
    }

    /** All measures in one array, which the server cuts: unnest would flatten an array of arrays. */
    private static double[] measures(List<StoredElite> elites) {
        return elites.stream()
                .flatMapToDouble(elite -> Arrays.stream(elite.measures().toArray()))
                .toArray();
    }

    private static int dimensions(List<StoredElite> elites) {
        List<Integer> lengths = elites.stream()
                .map(elite -> elite.measures().length())
                .distinct()
                .toList();
        if (lengths.size() > 1) {
            throw new IllegalArgumentException("elites of one island with %s measures".formatted(lengths));
        }
        return lengths.isEmpty() ? 0 : lengths.getFirst();
    }

    private static Vector vector(ResultSet rows, int column) throws SQLException {
        ByteBuffer array = ByteBuffer.wrap(rows.getBytes(column));
        if (array.getInt(0) == 0) {
            return Vector.of();
        }
        double[] values = new double[array.getInt(LENGTH_OFFSET)];
        array.position(ELEMENTS_OFFSET);
        for (int i = 0; i < values.length; i++) {
            // each element says its length, which is that of a double
            array.getInt();
            values[i] = array.getDouble();
        }
        return Vector.of(values);
    }
}
