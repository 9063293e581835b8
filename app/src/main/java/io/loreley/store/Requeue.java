package io.loreley.store;

import io.loreley.domain.LoreleyException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** The ways in which a job comes to be worked on again, each within a transaction of {@link Controls}. */
final class Requeue {

    private Requeue() {}

    /** Its queue entry is free already; it is only made due. */
    static void hasten(Connection connection, UUID job) throws SQLException {
        Sql.update(
                connection,
                "UPDATE scheduled_tasks SET execution_time = now() WHERE task_instance = ? AND NOT picked",
                job.toString());
    }

    /**
     * Attempts go on counting, so that the stages which the ended job finished are found, and not paid for again. An agent
     * that changed nothing is asked again.
     *
     * @throws LoreleyException of kind CONFIGURATION if the job has a copy already
     */
    static UUID copy(Connection connection, UUID job) throws SQLException {
        requireNoCopy(connection, job);
        UUID again = UUID.randomUUID();
        Sql.update(connection, """
                INSERT INTO evolution_jobs (id, kind, base_commit_hash, island_id, experiment_id, inspiration_commit_hashes,
                    goal, constraints, acceptance_criteria, notes, tags, iteration_hint, sampling_strategy,
                    sampling_initial_radius, sampling_radius_used, sampling_fallback_inspirations, is_seed_job, seed, agent,
                    priority, scheduled_at, attempt, requeue_of)
                SELECT ?, kind, base_commit_hash, island_id, experiment_id, inspiration_commit_hashes,
                    goal, constraints, acceptance_criteria, notes, tags, iteration_hint, sampling_strategy,
                    sampling_initial_radius, sampling_radius_used, sampling_fallback_inspirations, is_seed_job, seed, agent,
                    priority, now(), attempt, id FROM evolution_jobs WHERE id = ?""", again, job);
        Sql.update(connection, """
                INSERT INTO job_stages (job_id, attempt, stage, experiment_id, worker, agent, model, outcome, result,
                    commit_hash, artifacts, started_at, ended_at)
                SELECT ?, attempt, stage, experiment_id, worker, agent, model, outcome, result, commit_hash, artifacts,
                    started_at, ended_at
                FROM job_stages WHERE job_id = ? AND outcome = 'SUCCEEDED' AND (stage <> 'CODE' OR commit_hash IS NOT NULL)""", again, job);
        return again;
    }

    /** Of two orders at the same time the second waits for the first, and finds what it made. */
    private static void requireNoCopy(Connection connection, UUID job) throws SQLException {
        Sql.exists(connection, "SELECT FROM evolution_jobs WHERE id = ? FOR UPDATE", job);
        List<String> copies = Sql.texts(
                connection, "SELECT id || ', which is ' || status FROM evolution_jobs WHERE requeue_of = ?", job);
        if (!copies.isEmpty()) {
            throw Controls.refused("job %s is worked on again already, as job %s. Nothing was changed."
                    .formatted(job, copies.getFirst()));
        }
    }
}
