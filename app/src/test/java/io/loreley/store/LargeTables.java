package io.loreley.store;

import io.loreley.domain.ExperimentId;
import java.sql.SQLException;
import java.util.List;

/** Tables as a long search leaves them: nearly all jobs ended, nearly all successes ingested, each with a card. */
public final class LargeTables {

    /** What a search may make large. */
    static final List<String> TABLES = List.of(
            "evolution_jobs",
            "commit_cards",
            "metrics",
            "job_artifacts",
            "map_elites_archive_cells",
            "map_elites_pca_history");

    /** Of a thousand jobs this many are at the end of the draws and not ended. */
    private static final int UNFINISHED = 60;

    private LargeTables() {}

    static void fill(StoredSearch search, int jobs) {
        jobs(search.database, search.experiment.id(), jobs);
        search.execute("""
                INSERT INTO map_elites_archive_cells (experiment_id, island_id, cell_index, commit_hash, objective, threshold, measures,
                    solution, timestamp, projection_version)
                SELECT experiment_id, 'main', row_number() OVER (), commit_hash, 1, 1, '{0.1,0.2,0.3,0.4}', '{0.1,0.2,0.3,0.4}', 1, 1
                FROM commit_cards LIMIT %d""".formatted(jobs / 100));
        search.execute("""
                INSERT INTO map_elites_pca_history (experiment_id, island_id, commit_hash, vector, objective, embedding_model, last_seen_at)
                SELECT experiment_id, 'main', commit_hash, '{1,2,3,4}', 1, 'hash', extract(epoch FROM created_at) FROM commit_cards LIMIT %d""".formatted(jobs / 50));
        search.execute("""
                INSERT INTO best_history (experiment_id, objective, commit_hash, draw, found_at)
                SELECT id, n, lpad(to_hex(n), 40, '0'), n, now() FROM experiments, generate_series(1, 100) n WHERE id = '%s'""".formatted(search.experiment.id()));
        search.execute("VACUUM ANALYZE");
    }

    /** Every tenth job failed, and the last few are waiting, at work, or not ingested yet. */
    public static void jobs(Database database, ExperimentId experiment, int jobs) {
        execute(database, """
                INSERT INTO evolution_jobs (id, status, kind, base_commit_hash, island_id, experiment_id, goal, sampling_strategy, draw,
                    scheduled_at, started_at, completed_at, attempt, worker, failure_kind, last_error, result_commit_hash,
                    ingestion_status, ingestion_attempts, created_at)
                SELECT lpad(to_hex(n), 32, '0')::uuid, status, CASE n WHEN 0 THEN 'ROOT' ELSE 'EVOLVE' END, lpad('', 40, 'a'), 'main',
                    '%1$s', 'faster', 'rank', n, at, CASE WHEN status <> 'PENDING' AND status <> 'QUEUED' THEN at END,
                    CASE WHEN status IN ('SUCCEEDED', 'FAILED') THEN at + interval '1 minute' END,
                    CASE WHEN status IN ('PENDING', 'QUEUED') THEN 0 ELSE 1 END, 'worker',
                    CASE status WHEN 'FAILED' THEN (ARRAY['NO_CHANGE', 'AGENT_CRASH', 'EVALUATOR_TIMEOUT'])[n %% 3 + 1] END,
                    CASE status WHEN 'FAILED' THEN 'why' END, CASE status WHEN 'SUCCEEDED' THEN lpad(to_hex(n), 40, '0') END,
                    CASE WHEN status = 'SUCCEEDED' AND n < %2$d - 80 THEN 'skipped' END,
                    CASE WHEN status = 'SUCCEEDED' AND n < %2$d - 80 THEN 1 ELSE 0 END, at
                FROM (SELECT n, timestamptz '2026-01-01' + n * interval '1 second' AS at,
                        (CASE WHEN n >= %2$d - 20 THEN 'PENDING' WHEN n >= %2$d - 40 THEN 'QUEUED' WHEN n >= %2$d - %3$d THEN 'RUNNING'
                            WHEN n %% 10 = 9 THEN 'FAILED' ELSE 'SUCCEEDED' END)::job_status AS status
                    FROM generate_series(0, %2$d - 1) n) drawn""".formatted(experiment, jobs, UNFINISHED));
        execute(database, """
                INSERT INTO commit_cards (id, commit_hash, parent_commit_hash, island_id, experiment_id, job_id, author, subject, change_summary)
                SELECT id, result_commit_hash, base_commit_hash, 'main', experiment_id, id, 'Ann', 'Make it faster', 'Unrolled the loop'
                FROM evolution_jobs j WHERE result_commit_hash IS NOT NULL
                AND NOT EXISTS (SELECT FROM commit_cards c WHERE c.job_id = j.id)""");
        execute(database, """
                INSERT INTO metrics (id, commit_card_id, name, value) SELECT gen_random_uuid(), id, 'score', random() FROM commit_cards c
                WHERE NOT EXISTS (SELECT FROM metrics m WHERE m.commit_card_id = c.id)""");
        execute(database, """
                INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)
                SELECT 'evolve/' || experiment_id, id::text, now(), status = 'RUNNING', 1 FROM evolution_jobs WHERE completed_at IS NULL
                AND status <> 'PENDING'""");
        execute(database, "VACUUM ANALYZE");
    }

    private static void execute(Database database, String sql) {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("%s: %s".formatted(sql, e.getMessage()), e);
        }
    }
}
