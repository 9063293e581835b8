package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The projects whose files were sent to a git remote, so that a worker needs no folder of them. Safe for many threads. */
public final class SentProjects {

    private final Database database;

    public SentProjects(Database database) {
        this.database = database;
    }

    /**
     * A project as it was sent.
     *
     * @param files the commit that holds them
     * @param settingsFile the name of the project's file among them
     * @param labels what its workers must be able to do
     * @param version of the program that schedules it
     */
    public record Sent(CommitHash files, String settingsFile, List<String> labels, String version) {
        public Sent {
            labels = List.copyOf(labels);
        }
    }

    /** Notes what was sent last, if who sent it may write. */
    public void note(ExperimentId experiment, Sent sent) {
        database.transaction(session -> {
            session.doWork(connection -> Sql.update(
                    connection,
                    """
                    INSERT INTO sent_projects (experiment_id, files_commit, settings_file, labels, version)
                    VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (experiment_id) DO UPDATE SET files_commit = excluded.files_commit,
                        settings_file = excluded.settings_file, labels = excluded.labels, version = excluded.version""",
                    experiment.value(),
                    sent.files().value(),
                    sent.settingsFile(),
                    sent.labels().toArray(String[]::new),
                    sent.version()));
            return null;
        });
    }

    public Optional<Sent> find(ExperimentId experiment) {
        return Sql.ask(
                database,
                connection -> Sql.first(
                        connection,
                        row -> new Sent(
                                new CommitHash(row.getString(1)),
                                row.getString(2),
                                List.of((String[]) row.getArray(3).getArray()),
                                row.getString(4)),
                        "SELECT files_commit, settings_file, labels, version FROM sent_projects WHERE experiment_id = ?",
                        experiment.value()));
    }

    /**
     * The experiment of a name, or of an id.
     *
     * @throws LoreleyException of kind CONFIGURATION if there is none, or several
     */
    public ExperimentId named(String nameOrId) {
        return Sql.ask(database, connection -> {
            List<String> found = Sql.texts(
                    connection,
                    "SELECT id::text FROM experiments WHERE name = ? OR id::text = ? LIMIT 2",
                    nameOrId,
                    nameOrId);
            if (found.size() == 1) {
                return ExperimentId.parse(found.getFirst());
            }
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    found.isEmpty()
                            ? "there is no experiment '%s'; there are %s".formatted(nameOrId, names(connection))
                            : "several experiments are named '%s'; name one by its id: %s"
                                    .formatted(nameOrId, names(connection)));
        });
    }

    private static String names(Connection connection) throws SQLException {
        List<String> names = Sql.texts(
                connection,
                "SELECT coalesce(name, '') || ' (' || id || ')' FROM experiments ORDER BY created_at DESC LIMIT 20");
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    /** The versions of Loreley whose workers are waited for by what a worker of these labels may take. */
    public List<String> waitingVersions(List<String> labels) {
        return Sql.ask(
                database,
                connection ->
                        Sql.rows(connection, row -> row.getString(1), """
                SELECT DISTINCT version FROM sent_projects sent
                WHERE labels <@ ?::varchar[] AND EXISTS (SELECT FROM evolution_jobs job
                    WHERE job.experiment_id = sent.experiment_id AND job.completed_at IS NULL AND job.status = 'QUEUED')
                ORDER BY version""", (Object) labels.toArray(String[]::new)));
    }

    /**
     * The experiment with the most jobs that wait for a worker, among those that a worker may take.
     *
     * @param labels what the worker can do
     * @param version of the worker
     * @param leftOut those it cannot work on
     */
    public Optional<ExperimentId> waiting(List<String> labels, String version, Set<ExperimentId> leftOut) {
        return Sql.ask(
                database,
                connection -> Sql.first(
                        connection,
                        row -> new ExperimentId(row.getObject(1, UUID.class)),
                        """
                            SELECT sent.experiment_id FROM sent_projects sent
                            JOIN evolution_jobs job ON job.experiment_id = sent.experiment_id AND job.completed_at IS NULL
                                AND job.status = 'QUEUED'
                            WHERE sent.labels <@ ?::varchar[] AND sent.version = ? AND sent.experiment_id <> ALL (?)
                            GROUP BY sent.experiment_id ORDER BY count(*) DESC, sent.experiment_id LIMIT 1""",
                        labels.toArray(String[]::new),
                        version,
                        leftOut.stream().map(ExperimentId::value).toArray(UUID[]::new)));
    }
}
