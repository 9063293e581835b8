package io.loreley.store;

import io.loreley.domain.ExperimentId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;

/**
 * When elites went round the ring of islands, and who. A migration is one transaction with what it changed, so that a
 * restart neither repeats it nor forgets it. Written by the holder of the experiment's lock only.
 */
public final class MigrationLog {

    private final Database database;
    private final InstantSource clock;
    private final int historyLimit;

    public MigrationLog(Database database, InstantSource clock, int historyLimit) {
        this.database = database;
        this.clock = clock;
        this.historyLimit = historyLimit;
    }

    /**
     * How far an experiment is.
     *
     * @param offered commits that the islands were offered so far, over all of them
     * @param migrations how many there were
     */
    public record Progress(long offered, long migrations) {}

    /** Counts over all jobs of an experiment: for the start of a run, not for a tick. */
    public Progress progress(ExperimentId experiment) {
        return Sql.ask(
                database,
                connection -> new Progress(
                        number(connection, experiment, """
                                SELECT count(*) FROM evolution_jobs WHERE experiment_id = ?
                                    AND ingestion_status IN ('succeeded', 'skipped') AND ingestion_delta IS NOT NULL"""),
                        number(
                                connection,
                                experiment,
                                "SELECT coalesce(max(number), 0) FROM island_migrations WHERE experiment_id = ?")));
    }

    /** Writes a migration, with what it changed in the islands. */
    public void record(ExperimentId experiment, Progress after, List<Migrant> migrants) {
        Instant now = clock.instant();
        database.transaction(session -> {
            session.doWork(connection -> write(connection, experiment, after, migrants, now));
            return null;
        });
    }

    private void write(
            Connection connection, ExperimentId experiment, Progress after, List<Migrant> migrants, Instant now)
            throws SQLException {
        try (var statement = connection.prepareStatement(
                "INSERT INTO island_migrations (experiment_id, number, offered, happened_at) VALUES (?, ?, ?, ?)")) {
            statement.setObject(1, experiment.value());
            statement.setLong(2, after.migrations());
            statement.setLong(3, after.offered());
            statement.setObject(4, now.atOffset(ZoneOffset.UTC));
            statement.executeUpdate();
        }
        IslandWriter writer = new IslandWriter(connection, historyLimit, now);
        try (var statement = connection.prepareStatement("""
                INSERT INTO island_migrants (experiment_id, number, from_island, to_island, commit_hash, cell_index)
                VALUES (?, ?, ?, ?, ?, ?)""")) {
            for (Migrant migrant : migrants) {
                writer.write(migrant.update());
                statement.setObject(1, experiment.value());
                statement.setLong(2, after.migrations());
                statement.setString(3, migrant.from());
                statement.setString(4, migrant.update().island().island());
                statement.setString(5, migrant.commit().value());
                statement.setObject(6, migrant.cell(), Types.BIGINT);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static long number(Connection connection, ExperimentId experiment, String sql) throws SQLException {
        return Sql.rows(connection, row -> row.getLong(1), sql, experiment.value())
                .getFirst();
    }
}
