package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.IslandKey;
import io.loreley.domain.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What may go, because it can be computed again or nobody will look at it: observations beyond the history's limit, cached
 * embeddings and sums, files of old jobs. Elites, pinned commits, what they descend from, the root and open jobs keep all
 * they have, and so does an ended job that one of them went on from; jobs, cards, metrics and commits are never touched. Can be
 * done while the experiment runs, and twice.
 */
public final class Retention {

    /** The Python system's and our default. */
    private static final int DEFAULT_HISTORY = 4096;

    /** What keeps all that it has: elites, what somebody pinned, and what those were made from, all the way down. */
    private static final String LINEAGE = """
            WITH RECURSIVE kept (commit) AS (
                SELECT commit_hash FROM map_elites_archive_cells WHERE experiment_id = ?
                UNION SELECT commit_hash FROM commit_marks WHERE experiment_id = ? AND mark = 'PINNED'),
            lineage (commit) AS (
                SELECT commit FROM kept
                UNION SELECT j.base_commit_hash FROM lineage l
                    JOIN evolution_jobs j ON j.experiment_id = ? AND j.result_commit_hash = l.commit
                    WHERE j.base_commit_hash IS NOT NULL)
            """;

    private final Database database;
    private final boolean dryRun;

    /** @param dryRun count only: nothing is written or locked */
    public Retention(Database database, boolean dryRun) {
        this.database = database;
        this.dryRun = dryRun;
    }

    /**
     * An experiment, as far as retention is concerned.
     *
     * @param slug of its repository
     * @param historyLimit observations that each island keeps
     */
    public record Kept(ExperimentId id, String name, String slug, int historyLimit) {}

    public List<Kept> experiments() {
        return with(connection -> {
            List<Kept> found = new ArrayList<>();
            try (var statement = connection.prepareStatement("""
                        SELECT e.id, coalesce(e.name, e.id::text), r.slug, coalesce(
                            (jsonb_path_query_first(config_snapshot, '$.search."history-size"'))::int,
                            (jsonb_path_query_first(config_snapshot, '$.mapelites_dimensionality_history_size'))::int, ?)
                        FROM experiments e JOIN repositories r ON r.id = e.repository_id ORDER BY e.created_at, e.id""")) {
                statement.setInt(1, DEFAULT_HISTORY);
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.add(new Kept(
                                new ExperimentId(rows.getObject(1, UUID.class)),
                                rows.getString(2),
                                rows.getString(3),
                                rows.getInt(4)));
                    }
                }
            }
            return found;
        });
    }

    /** Commits whose embeddings stay: elites, what they descend from, the bases of open jobs, and roots. */
    public List<CommitHash> commits(ExperimentId experiment) {
        return with(connection -> texts(connection, LINEAGE + """
                        SELECT commit FROM lineage
                        UNION SELECT base_commit_hash FROM evolution_jobs
                        WHERE experiment_id = ? AND base_commit_hash IS NOT NULL AND (completed_at IS NULL OR kind = 'ROOT')""", experiment, 4)).stream()
                .map(CommitHash::new)
                .toList();
    }

    /** Lets go of observations beyond the limit, oldest first; those of elites stay. */
    public int history(Kept experiment) {
        if (experiment.historyLimit() < 1) {
            return 0;
        }
        return with(connection -> {
            int gone = 0;
            for (String island : texts(
                    connection,
                    "SELECT DISTINCT island_id FROM map_elites_pca_history WHERE experiment_id = ?",
                    experiment.id(),
                    1)) {
                IslandRows rows = new IslandRows(connection, new IslandKey(experiment.id(), island));
                gone += dryRun ? rows.countBeyond(experiment.historyLimit()) : rows.forget(experiment.historyLimit());
            }
            return gone;
        });
    }

    /**
     * Lets go of cached embeddings that were written before a time.
     *
     * @param referenced names of the blobs whose embeddings stay
     */
    public int embeddings(ExperimentId experiment, Collection<String> referenced, Instant before) {
        return with(connection -> gone(
                connection,
                """
                FROM map_elites_file_embedding_cache cached WHERE experiment_id = ? AND updated_at < ?
                  AND NOT EXISTS (SELECT FROM unnest(?::text[]) AS referenced (blob) WHERE blob = cached.blob_sha)""",
                experiment.value(),
                before.atOffset(ZoneOffset.UTC),
                referenced.toArray(String[]::new)));
    }

    /** Lets go of sums over commits, whatever their age: none may outlive the embeddings that it was added up from. */
    public int aggregates(ExperimentId experiment, Collection<CommitHash> kept) {
        return with(connection -> gone(
                connection,
                "FROM map_elites_repo_state_aggregates WHERE experiment_id = ? AND commit_hash <> ALL (?::text[])",
                experiment.value(),
                kept.stream().map(CommitHash::value).toArray(String[]::new)));
    }

    /** Lets go of rows, or counts them. */
    private int gone(Connection connection, String from, Object... values) throws SQLException {
        return dryRun
                ? Sql.first(connection, row -> row.getInt(1), "SELECT count(*) " + from, values)
                        .orElseThrow()
                : Sql.update(connection, "DELETE " + from, values);
    }

    /**
     * When each of some jobs ended whose files may go, and what was queued again of it, which has its files in part from there;
     * {@link Instant#MAX} for those whose files stay. What is not among an experiment's jobs is not among the answers.
     */
    public Map<JobId, Instant> jobs(ExperimentId experiment, Collection<JobId> some) {
        return with(connection -> {
            Map<JobId, Instant> found = new HashMap<>();
            try (var statement = connection.prepareStatement(LINEAGE + """
                    , again (origin, id) AS (
                        SELECT id, id FROM evolution_jobs WHERE experiment_id = ? AND id = ANY (?)
                        UNION SELECT origin, j.id FROM again JOIN evolution_jobs j ON j.requeue_of = again.id)
                    SELECT origin, CASE WHEN bool_or(completed_at IS NULL OR kind = 'ROOT'
                            OR result_commit_hash IN (SELECT commit FROM lineage)) THEN NULL ELSE max(completed_at) END
                    FROM again JOIN evolution_jobs USING (id) GROUP BY origin""")) {
                bind(statement, experiment, 4);
                statement.setObject(5, some.stream().map(JobId::value).toArray(UUID[]::new));
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        var ended = rows.getTimestamp(2);
                        found.put(
                                new JobId(rows.getObject(1, UUID.class)),
                                ended == null ? Instant.MAX : ended.toInstant());
                    }
                }
            }
            return found;
        });
    }

    /** Notes that the files of these jobs are gone. */
    public void filesAreGone(Collection<JobId> jobs) {
        with(connection -> {
            for (String change : List.of(
                    "DELETE FROM job_artifacts WHERE job_id = ANY (?)",
                    "UPDATE job_stages SET artifacts = NULL WHERE artifacts IS NOT NULL AND job_id = ANY (?)")) {
                try (var statement = connection.prepareStatement(change)) {
                    statement.setArray(
                            1,
                            connection.createArrayOf(
                                    "uuid", jobs.stream().map(JobId::value).toArray()));
                    statement.executeUpdate();
                }
            }
            return jobs.size();
        });
    }

    private static List<String> texts(Connection connection, String sql, ExperimentId experiment, int times)
            throws SQLException {
        List<String> found = new ArrayList<>();
        try (var statement = connection.prepareStatement(sql)) {
            bind(statement, experiment, times);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
        }
        return found;
    }

    private static void bind(java.sql.PreparedStatement statement, ExperimentId experiment, int times)
            throws SQLException {
        for (int i = 1; i <= times; i++) {
            statement.setObject(i, experiment.value());
        }
    }

    private <T> T with(Sql.Work<T> work) {
        try (Connection connection = database.dataSource().getConnection()) {
            Database.unhurried(connection);
            connection.setReadOnly(dryRun);
            connection.setAutoCommit(false);
            try {
                T result = work.with(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                Sql.rollBack(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw SqlErrors.translate(database.url(), e);
        }
    }
}
