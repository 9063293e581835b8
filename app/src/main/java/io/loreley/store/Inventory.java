package io.loreley.store;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a database holds, for the person who looks after it.
 *
 * @param setAside rows of another system that no row of ours can hold
 */
public record Inventory(
        String url,
        String serverVersion,
        String schemaVersion,
        String size,
        long setAside,
        List<ExperimentLine> experiments) {

    public Inventory {
        experiments = List.copyOf(experiments);
    }

    /** One experiment. */
    public record ExperimentLine(
            ExperimentId id, String name, String repository, long jobs, long elites, LocalDate begun) {}

    public static Inventory of(Database database) {
        return Sql.ask(
                database,
                connection -> new Inventory(
                        database.url().toString(),
                        database.serverVersion(),
                        text(
                                connection,
                                "SELECT version FROM flyway_schema_history WHERE success ORDER BY installed_rank DESC LIMIT 1"),
                        text(connection, "SELECT pg_size_pretty(pg_database_size(current_database()))"),
                        Long.parseLong(text(connection, "SELECT count(*) FROM set_aside")),
                        experiments(connection)));
    }

    /** Deletes all rows of all experiments. Refused while a run holds one of them. */
    public static void deleteEverything(Database database) {
        Sql.transaction(database, connection -> {
            if (Sql.exists(connection, """
                    SELECT FROM pg_locks WHERE locktype = 'advisory'
                        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""")) {
                throw new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "an experiment of %s is running; stop it first".formatted(database.url()));
            }
            return Sql.update(
                    connection,
                    "TRUNCATE repositories, experiments, evolution_jobs, scheduled_tasks, set_aside CASCADE");
        });
    }

    /**
     * Deletes all rows of an experiment, and its repository's unless another experiment is about it.
     *
     * @param database as the holder of the experiment's lock writes to it
     * @throws LoreleyException of kind CONFIGURATION if a worker is at it; nothing is deleted then
     */
    public static void delete(Database database, ExperimentId experiment) {
        Sql.transaction(database, connection -> {
            List<String> workers = Sql.texts(
                    connection,
                    "SELECT name FROM workers WHERE experiment_id = ? AND " + Workers.IS_ALIVE,
                    experiment.value());
            if (!workers.isEmpty()) {
                throw new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "%s works on this experiment; stop it first".formatted(String.join(", ", workers)));
            }
            Optional<UUID> repository = Sql.first(
                    connection,
                    row -> row.getObject(1, UUID.class),
                    "SELECT repository_id FROM experiments WHERE id = ?",
                    experiment.value());
            Sql.update(connection, "DELETE FROM scheduled_tasks WHERE task_name = ?", JobQueue.taskName(experiment));
            // Jobs would be left without an experiment.
            Sql.update(connection, "DELETE FROM evolution_jobs WHERE experiment_id = ?", experiment.value());
            Sql.update(connection, "DELETE FROM experiments WHERE id = ?", experiment.value());
            return Sql.update(
                    connection,
                    "DELETE FROM repositories r WHERE id = ? AND NOT EXISTS (SELECT FROM experiments e WHERE e.repository_id = r.id)",
                    repository.orElse(null));
        });
    }

    private static List<ExperimentLine> experiments(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        SELECT e.id, coalesce(e.name, ''), r.slug,
                            (SELECT count(*) FROM evolution_jobs j WHERE j.experiment_id = e.id),
                            (SELECT count(*) FROM map_elites_archive_cells c WHERE c.experiment_id = e.id),
                            (e.created_at AT TIME ZONE 'UTC')::date
                        FROM experiments e JOIN repositories r ON r.id = e.repository_id ORDER BY e.created_at""")) {
            List<ExperimentLine> lines = new ArrayList<>();
            while (rows.next()) {
                lines.add(new ExperimentLine(
                        new ExperimentId(rows.getObject(1, UUID.class)),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getLong(4),
                        rows.getLong(5),
                        rows.getObject(6, LocalDate.class)));
            }
            return lines;
        }
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }
}
