package io.loreley.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** The ways in which a job comes to be worked on again, each within a transaction of {@link Controls}. */
final class Requeue {

    private Requeue() {}

    /** Its queue entry is free already; it is only made due. */
    static UUID hasten(Connection connection, UUID job) throws SQLException {
        Sql.update(
                connection,
                "UPDATE scheduled_tasks SET execution_time = now() WHERE task_instance = ? AND NOT picked",
                job.toString());
        return job;
    }

    /** The worker still holds the queue entry; it notices that its attempt is void, and returns the entry. */
    static UUID takeFromWorker(Connection connection, UUID job) throws SQLException {
        Sql.update(
                connection,
                "UPDATE evolution_jobs SET status = 'QUEUED', worker = NULL, stage = NULL WHERE id = ? AND status = 'RUNNING'",
                job);
        return job;
    }

    /** Attempts go on counting, so that the stages which the ended job finished are found, and not paid for again. */
    static UUID copy(Connection connection, UUID job) throws SQLException {
        UUID again = UUID.randomUUID();
        Sql.update(connection, """
                INSERT INTO evolution_jobs (id, kind, base_commit_hash, island_id, experiment_id, inspiration_commit_hashes,
                    goal, constraints, acceptance_criteria, notes, tags, iteration_hint, sampling_strategy,
                    sampling_initial_radius, sampling_radius_used, sampling_fallback_inspirations, is_seed_job, seed,
                    priority, scheduled_at, attempt)
                SELECT ?, kind, base_commit_hash, island_id, experiment_id, inspiration_commit_hashes,
                    goal, constraints, acceptance_criteria, notes, tags, iteration_hint, sampling_strategy,
                    sampling_initial_radius, sampling_radius_used, sampling_fallback_inspirations, is_seed_job, seed,
                    priority, now(), attempt FROM evolution_jobs WHERE id = ?""", again, job);
        Sql.update(connection, """
                INSERT INTO job_stages (job_id, attempt, stage, experiment_id, worker, agent, model, outcome, result,
                    commit_hash, artifacts, started_at, ended_at)
                SELECT ?, attempt, stage, experiment_id, worker, agent, model, outcome, result, commit_hash, artifacts,
                    started_at, ended_at
                FROM job_stages WHERE job_id = ? AND outcome = 'SUCCEEDED'""", again, job);
        return again;
    }
}
