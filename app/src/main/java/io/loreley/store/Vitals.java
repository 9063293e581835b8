package io.loreley.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** What tells whether searches go well, over all experiments of a database: for a look every few seconds. */
public final class Vitals {

    private final Database database;

    public Vitals(Database database) {
        this.database = database;
    }

    /** Which experiment; its name is unique only among those of its repository. */
    public record Subject(String repository, String experiment) {

        private static Subject read(ResultSet rows) throws SQLException {
            return new Subject(rows.getString("repository"), rows.getString("experiment"));
        }
    }

    /**
     * How many jobs are in a state.
     *
     * @param cause the failure's kind; empty for jobs that have not failed
     */
    public record Jobs(Subject of, String status, String cause, long count) {}

    public List<Jobs> jobs() {
        return new Question(database, "the counts of jobs")
                .add("""
                        SELECT r.slug AS repository, coalesce(e.name, e.id::text) AS experiment, lower(c.status::text) AS status,
                            CASE c.status WHEN 'FAILED' THEN lower(c.failure_kind) ELSE '' END AS cause, sum(c.jobs)::bigint AS jobs
                        FROM evolution_job_counts c JOIN experiments e ON e.id = c.experiment_id
                        JOIN repositories r ON r.id = e.repository_id
                        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4""")
                .list(rows -> new Jobs(
                        Subject.read(rows), rows.getString("status"), rows.getString("cause"), rows.getLong("jobs")));
    }

    /**
     * How an experiment is being worked on.
     *
     * @param due jobs that a worker could take now, and none has
     * @param oldestDue seconds that the first of them has waited
     * @param slots how many jobs its workers that are alive can run at once
     * @param workers how many of those there are
     * @param silence seconds since its scheduler's last heartbeat; -1 if it never had one
     */
    public record Labour(Subject of, long due, double oldestDue, long slots, long workers, double silence) {}

    public List<Labour> labour() {
        return new Question(database, "the state of the queue")
                .add("""
                        SELECT r.slug AS repository, coalesce(e.name, e.id::text) AS experiment, coalesce(q.due, 0) AS due,
                            coalesce(q.oldest, 0) AS oldest, coalesce(w.slots, 0) AS slots, coalesce(w.workers, 0) AS workers,
                            coalesce(extract(epoch FROM now() - l.renewed_at), -1) AS silence
                        FROM experiments e JOIN repositories r ON r.id = e.repository_id
                        LEFT JOIN scheduler_leases l ON l.experiment_id = e.id
                        LEFT JOIN (SELECT task_name, count(*) AS due, extract(epoch FROM now() - min(execution_time)) AS oldest
                                FROM scheduled_tasks WHERE NOT picked AND execution_time <= now() GROUP BY task_name) q
                            ON q.task_name = 'evolve/' || e.id
                        LEFT JOIN (SELECT experiment_id, sum(slots) AS slots, count(*) AS workers FROM workers
                                WHERE NOT draining AND %s GROUP BY experiment_id) w ON w.experiment_id = e.id
                        ORDER BY 1, 2""".formatted(Workers.IS_ALIVE))
                .list(rows -> new Labour(
                        Subject.read(rows),
                        rows.getLong("due"),
                        rows.getDouble("oldest"),
                        rows.getLong("slots"),
                        rows.getLong("workers"),
                        rows.getDouble("silence")));
    }
}
