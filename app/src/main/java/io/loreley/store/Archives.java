package io.loreley.store;

import static io.loreley.domain.JobStatus.SUCCEEDED;

import io.loreley.domain.CommitHash;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.IslandKey;
import io.loreley.domain.LoreleyException;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Projection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The islands' archives in the database. What a commit changed in its island and what became of its job are one
 * transaction, so that a job is never ingested without its elite nor the other way round. Written by the holder of the
 * experiment's lock only; a cell is nevertheless never overwritten by a worse elite.
 */
public final class Archives {

    /** After so many failures a commit stays out of the archive; its job keeps the last reason. */
    public static final int MAX_INGESTION_ATTEMPTS = 5;

    private static final Duration FIRST_RETRY = Duration.ofSeconds(2);

    private final Database database;
    private final InstantSource clock;
    private final int historyLimit;

    public Archives(Database database, InstantSource clock, int historyLimit) {
        this.database = database;
        this.clock = clock;
        this.historyLimit = historyLimit;
    }

    /** Reads an island whole. An island that was never written is empty. */
    public StoredIsland load(IslandKey key) {
        return database.transaction(session -> session.doReturningWork(connection ->
                new StoredIsland(projection(connection, key), history(connection, key), elites(connection, key))));
    }

    /** Successes that wait for the archive, oldest first; failed ones again after a growing pause. */
    public List<EvolutionJob> toIngest(ExperimentId experiment, int limit) {
        return database.transaction(session -> new JobQueries_(session)
                .toIngest(experiment.value(), SUCCEEDED, MAX_INGESTION_ATTEMPTS, clock.instant(), limit));
    }

    /** How many successes the archive has not answered yet, those that wait for another try included. */
    public long awaitingIngestion(ExperimentId experiment) {
        return database.transaction(session ->
                new JobQueries_(session).awaitingIngestion(experiment.value(), SUCCEEDED, MAX_INGESTION_ATTEMPTS));
    }

    /**
     * Writes what a commit changed, and what became of its job.
     *
     * @return the best oriented objective before, if this commit exceeds it; empty if it does not
     */
    public Optional<BestBefore> record(IslandKey key, EvolutionJob job, Ingested ingested, IslandChange change) {
        Instant now = clock.instant();
        return database.transaction(session -> {
            session.doWork(connection -> {
                remember(connection, key, change.observation(), now);
                switch (change) {
                    case IslandChange.Unplaced ignored -> {}
                    case IslandChange.Placed placed -> place(connection, key, placed);
                    case IslandChange.Rebuilt rebuilt -> rebuild(connection, key, rebuilt, now);
                }
            });
            int rows = new JobQueries_(session)
                    .ingested(
                            job.id().value(),
                            SUCCEEDED,
                            ingested.status().stored(),
                            ingested.delta(),
                            ingested.statusCode(),
                            ingested.message(),
                            ingested.cell(),
                            now);
            if (rows != 1) {
                throw new LoreleyException(
                        FailureKind.INTERNAL, "job %s cannot be ingested: it has not succeeded".formatted(job.id()));
            }
            return session.doReturningWork(connection -> noteBest(connection, key, job, change.observation(), now));
        });
    }

    /** What was best before; absent for the first commit of an experiment. */
    public record BestBefore(OptionalDouble objective) {}

    /** Notes that offering a commit failed; it is tried again after a pause that doubles. */
    public void ingestionFailed(EvolutionJob job, String reason) {
        Instant now = clock.instant();
        Instant next =
                now.plus(FIRST_RETRY.multipliedBy(1L << Math.min(job.ingestion().attempts(), 10)));
        database.transaction(session -> {
            new JobQueries_(session).ingestionFailed(job.id().value(), SUCCEEDED, reason, now, next);
            return null;
        });
    }

    /** Lets go of observations beyond the limit, oldest first; those of elites stay. */
    public int prune(IslandKey key) {
        return database.transaction(session -> session.doReturningWork(connection -> {
            try (var statement = connection.prepareStatement("""
                    DELETE FROM map_elites_pca_history h
                    WHERE h.experiment_id = ? AND h.island_id = ?
                      AND h.last_seen_at < (SELECT min(last_seen_at) FROM (
                            SELECT last_seen_at FROM map_elites_pca_history
                            WHERE experiment_id = h.experiment_id AND island_id = h.island_id
                            ORDER BY last_seen_at DESC LIMIT ?) newest)
                      AND NOT EXISTS (SELECT FROM map_elites_archive_cells c
                            WHERE c.experiment_id = h.experiment_id AND c.island_id = h.island_id AND c.commit_hash = h.commit_hash)
                    """)) {
                bind(statement, key);
                statement.setInt(3, historyLimit);
                return statement.executeUpdate();
            }
        }));
    }

    private static @Nullable Projection projection(Connection connection, IslandKey key) throws SQLException {
        try (var statement = connection.prepareStatement(
                "SELECT snapshot::text FROM map_elites_states WHERE experiment_id = ? AND island_id = ?")) {
            bind(statement, key);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? IslandSnapshot.projection(rows.getString(1)) : null;
            }
        }
    }

    private List<Observation> history(Connection connection, IslandKey key) throws SQLException {
        try (var statement = connection.prepareStatement("""
                SELECT commit_hash, vector, objective, embedding_model FROM (
                    (SELECT * FROM map_elites_pca_history WHERE experiment_id = ? AND island_id = ?
                     ORDER BY last_seen_at DESC LIMIT ?)
                    UNION
                    SELECT h.* FROM map_elites_pca_history h JOIN map_elites_archive_cells c USING (experiment_id, island_id, commit_hash)
                    WHERE h.experiment_id = ? AND h.island_id = ?) known
                WHERE objective IS NOT NULL
                ORDER BY last_seen_at, commit_hash""")) {
            bind(statement, key);
            statement.setInt(3, historyLimit);
            statement.setObject(4, key.experiment().value());
            statement.setString(5, key.island());
            var history = new ArrayList<Observation>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    history.add(new Observation(
                            new CommitHash(rows.getString(1)), vector(rows, 2), rows.getDouble(3), rows.getString(4)));
                }
            }
            return history;
        }
    }

    private static List<StoredElite> elites(Connection connection, IslandKey key) throws SQLException {
        try (var statement = connection.prepareStatement("""
                SELECT cell_index, commit_hash, objective, coalesce(threshold, objective), measures, timestamp
                FROM map_elites_archive_cells WHERE experiment_id = ? AND island_id = ? ORDER BY created_at, cell_index""")) {
            bind(statement, key);
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

    private static void remember(Connection connection, IslandKey key, Observation seen, Instant now)
            throws SQLException {
        try (var statement = connection.prepareStatement("""
                INSERT INTO map_elites_pca_history (experiment_id, island_id, commit_hash, vector, objective, embedding_model, last_seen_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (experiment_id, island_id, commit_hash) DO UPDATE SET vector = excluded.vector,
                    objective = excluded.objective, embedding_model = excluded.embedding_model, last_seen_at = excluded.last_seen_at""")) {
            bind(statement, key);
            statement.setString(3, seen.commit().value());
            statement.setObject(4, seen.embedding().toArray());
            statement.setDouble(5, seen.objective());
            statement.setString(6, seen.model());
            statement.setDouble(7, epochSeconds(now));
            statement.executeUpdate();
        }
    }

    private static Optional<BestBefore> noteBest(
            Connection connection, IslandKey key, EvolutionJob job, Observation seen, Instant now) throws SQLException {
        OptionalDouble best = OptionalDouble.empty();
        try (var statement = connection.prepareStatement(
                "SELECT objective FROM best_history WHERE experiment_id = ? ORDER BY objective DESC LIMIT 1")) {
            statement.setObject(1, key.experiment().value());
            try (var rows = statement.executeQuery()) {
                if (rows.next()) {
                    best = OptionalDouble.of(rows.getDouble(1));
                }
            }
        }
        if (best.isPresent() && best.getAsDouble() >= seen.objective()) {
            return Optional.empty();
        }
        try (var statement = connection.prepareStatement(
                "INSERT INTO best_history (experiment_id, objective, commit_hash, draw, found_at) VALUES (?, ?, ?, ?, ?)")) {
            statement.setObject(1, key.experiment().value());
            statement.setDouble(2, seen.objective());
            statement.setString(3, seen.commit().value());
            statement.setObject(4, job.draw(), Types.BIGINT);
            statement.setObject(5, now.atOffset(ZoneOffset.UTC));
            statement.executeUpdate();
        }
        return Optional.of(new BestBefore(best));
    }

    private void place(Connection connection, IslandKey key, IslandChange.Placed placed) throws SQLException {
        if (write(connection, key, List.of(placed.elite()), placed.projectionVersion()) != 1) {
            throw new LoreleyException(
                    FailureKind.INTERNAL,
                    "cell %d of island %s holds a better elite, or one of another projection, than the archive in memory knew; the island is read again"
                            .formatted(placed.elite().cell(), key.island()));
        }
    }

    private void rebuild(Connection connection, IslandKey key, IslandChange.Rebuilt rebuilt, Instant now)
            throws SQLException {
        try (var statement = connection.prepareStatement("""
                INSERT INTO map_elites_states (experiment_id, island_id, snapshot) VALUES (?, ?, ?::jsonb)
                ON CONFLICT (experiment_id, island_id) DO UPDATE SET snapshot = map_elites_states.snapshot || excluded.snapshot""")) {
            bind(statement, key);
            statement.setString(3, IslandSnapshot.json(rebuilt.projection(), historyLimit, epochSeconds(now)));
            statement.executeUpdate();
        }
        try (var statement = connection.prepareStatement(
                "DELETE FROM map_elites_archive_cells WHERE experiment_id = ? AND island_id = ?")) {
            bind(statement, key);
            statement.executeUpdate();
        }
        write(connection, key, rebuilt.elites(), rebuilt.projection().version());
    }

    /** Inserts or replaces cells in bulk, and leaves alone those that hold an elite at least as good. */
    private static int write(Connection connection, IslandKey key, List<StoredElite> elites, int projectionVersion)
            throws SQLException {
        try (var statement = connection.prepareStatement("""
                INSERT INTO map_elites_archive_cells AS held
                    (experiment_id, island_id, cell_index, commit_hash, objective, threshold, measures, solution, timestamp, projection_version)
                SELECT ?, ?, cell, commit, objective, threshold, measures::float8[], measures::float8[], placed_at, ?
                FROM unnest(?::bigint[], ?::text[], ?::float8[], ?::float8[], ?::text[], ?::float8[])
                    AS elite (cell, commit, objective, threshold, measures, placed_at)
                ON CONFLICT (experiment_id, island_id, cell_index) DO UPDATE SET commit_hash = excluded.commit_hash,
                    objective = excluded.objective, threshold = excluded.threshold, measures = excluded.measures,
                    solution = excluded.solution, timestamp = excluded.timestamp
                WHERE held.projection_version = excluded.projection_version AND held.objective < excluded.objective""")) {
            bind(statement, key);
            statement.setInt(3, projectionVersion);
            statement.setObject(4, elites.stream().mapToLong(StoredElite::cell).toArray());
            statement.setObject(
                    5, elites.stream().map(elite -> elite.commit().value()).toArray(String[]::new));
            statement.setObject(
                    6, elites.stream().mapToDouble(StoredElite::objective).toArray());
            statement.setObject(
                    7, elites.stream().mapToDouble(StoredElite::threshold).toArray());
            statement.setObject(
                    8, elites.stream().map(elite -> literal(elite.measures())).toArray(String[]::new));
            statement.setObject(
                    9, elites.stream().mapToDouble(StoredElite::placedAt).toArray());
            return statement.executeUpdate();
        }
    }

    /** An array literal: unnest flattens nested arrays, so the inner ones travel as text. */
    private static String literal(Vector measures) {
        var text = new StringBuilder("{");
        for (int i = 0; i < measures.length(); i++) {
            text.append(i == 0 ? "" : ",").append(measures.get(i));
        }
        return text.append('}').toString();
    }

    private static Vector vector(ResultSet rows, int column) throws SQLException {
        Double[] boxed = (Double[]) rows.getArray(column).getArray();
        double[] values = new double[boxed.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = boxed[i];
        }
        return Vector.of(values);
    }

    private static void bind(PreparedStatement statement, IslandKey key) throws SQLException {
        statement.setObject(1, key.experiment().value());
        statement.setString(2, key.island());
    }

    private static double epochSeconds(Instant instant) {
        return instant.getEpochSecond() + instant.getNano() / 1e9;
    }
}
