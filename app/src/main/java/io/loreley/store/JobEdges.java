package io.loreley.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;

/**
 * The edges of {@code docs/job-states.md} that people draw, each within a transaction of their order. Those of the scheduler
 * and of workers are in {@link Jobs}.
 */
final class JobEdges {

    private JobEdges() {}

    /**
     * Any state that is not final {@code → CANCELLED}. A worker that holds the job finds its attempt void when it next
     * writes; an entry in the queue is dropped by whoever picks it.
     *
     * @return false, with nothing changed, if the job had ended
     */
    static boolean cancel(Connection connection, UUID job) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE evolution_jobs SET status = 'CANCELLED', completed_at = now(), stage = NULL"
                                + " WHERE id = ? AND completed_at IS NULL",
                        job)
                == 1;
    }

    /** {@code → CANCELLED} for the jobs of an experiment that start from what cannot be found any more, or from nothing. */
    static void cancelThoseFrom(Connection connection, UUID experiment, Collection<String> lost) throws SQLException {
        String[] commits = lost.toArray(String[]::new);
        Sql.update(connection, """
                UPDATE evolution_jobs SET status = 'CANCELLED', completed_at = now(),
                    last_error = 'a commit that it starts from is not in the repository any more'
                WHERE experiment_id = ? AND completed_at IS NULL AND (base_commit_hash IS NULL
                    OR base_commit_hash = ANY (?) OR inspiration_commit_hashes && ?::varchar[])""", experiment, commits, commits);
    }

    /**
     * {@code RUNNING → QUEUED}. The worker still holds the queue's entry; it notices that its attempt is void, and returns
     * the entry.
     *
     * @return false, with nothing changed, if no worker has it
     */
    static boolean takeFromWorker(Connection connection, UUID job) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE evolution_jobs SET status = 'QUEUED', worker = NULL, stage = NULL"
                                + " WHERE id = ? AND status = 'RUNNING'",
                        job)
                == 1;
    }

    /** Keeps others from moving a job until the transaction ends; answers whether there is one. */
    static boolean lock(Connection connection, UUID job) throws SQLException {
        return Sql.exists(connection, "SELECT FROM evolution_jobs WHERE id = ? FOR NO KEY UPDATE", job);
    }
}
