package io.loreley.store;

import io.loreley.domain.ExperimentId;
import java.util.UUID;

/**
 * Whether something of an experiment changed, answered from a few index entries: its unfinished jobs, and those that ended
 * last. What the scheduler does to a job within the last {@value #LATELY} ends is seen; a row changed by hand long after is not.
 */
public final class Changes {

    private static final int LATELY = 200;

    private final Database database;

    public Changes(Database database) {
        this.database = database;
    }

    /**
     * What is equal as long as nothing changed.
     *
     * @param jobs of the jobs, their states and stages, and whether somebody schedules them
     * @param archive of the commits, the archive and the best
     */
    public record Marker(String jobs, String archive) {}

    public Marker marker(ExperimentId experiment) {
        UUID id = experiment.value();
        return new Question(database, "what changed")
                .add("""
                        SELECT
                          md5(concat_ws('|',
                            (SELECT string_agg(s.status || s.failure_kind || s.n, ',' ORDER BY s.status, s.failure_kind)
                             FROM (SELECT status::text, failure_kind, sum(jobs) AS n FROM evolution_job_counts WHERE experiment_id = ? GROUP BY 1, 2) s),
                            (SELECT string_agg(j.id::text || j.updated_at, ',' ORDER BY j.id) FROM (
                                SELECT id, updated_at FROM evolution_jobs WHERE experiment_id = ? AND completed_at IS NULL
                                ORDER BY status, priority DESC, scheduled_at LIMIT 1000) j),
                            (SELECT updated_at FROM experiments WHERE id = ?), %s,
                            (SELECT max(id) FROM audit_log WHERE experiment_id = ?))) AS jobs,
                          md5(concat_ws('|',
                            (SELECT max(updated_at) FROM (SELECT updated_at FROM evolution_jobs WHERE experiment_id = ?
                                AND completed_at IS NOT NULL ORDER BY completed_at DESC LIMIT %d) j),
                            (SELECT max(updated_at) FROM map_elites_states WHERE experiment_id = ?),
                            (SELECT max(objective) FROM best_history WHERE experiment_id = ?))) AS archive""".formatted(Activity.IS_SCHEDULED, LATELY), id, id, id, id, id, id, id, id)
                .first(rows -> new Marker(rows.getString("jobs"), rows.getString("archive")))
                .orElseThrow();
    }
}
