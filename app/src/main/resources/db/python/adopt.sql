-- Copies the rows of the Python system, moved to the schema loreley_from_python, into tables of ours. What is not given a
-- rule here goes over as it is; a row that then breaks a constraint ends the transaction, and its message names the row.
-- docs/python-database.md says the same in words.

INSERT INTO repositories (id, slug, remote_url, root_path, extra, created_at, updated_at)
SELECT id, slug, remote_url, root_path,
       CASE WHEN jsonb_typeof(extra) = 'object' THEN extra ELSE jsonb_build_object('extra', extra) END, created_at, updated_at
FROM loreley_from_python.repositories;

-- Names are unique within a repository here. The oldest keeps its own.
INSERT INTO experiments (id, repository_id, config_hash, name, project, config_snapshot, status, created_at, updated_at, opened_at)
SELECT id, repository_id, config_hash, own_name, own_name, config_snapshot, status, created_at, updated_at, updated_at
FROM (
    SELECT e.*, CASE WHEN row_number() OVER (PARTITION BY repository_id, nullif(name, '') ORDER BY created_at, id) = 1
                     THEN nullif(name, '') ELSE left(nullif(name, ''), 246) || '-' || left(id::text, 8) END AS own_name
    FROM loreley_from_python.experiments e
) named;

-- A job that ran belongs to a worker that is gone: it is queued again, and one attempt is charged. Draws are numbered in
-- the order in which the jobs were made.
INSERT INTO evolution_jobs (id, status, kind, base_commit_hash, island_id, experiment_id, inspiration_commit_hashes,
    plan_summary, goal, constraints, acceptance_criteria, notes, tags, iteration_hint, sampling_strategy,
    sampling_initial_radius, sampling_radius_used, sampling_fallback_inspirations, is_seed_job, draw, priority, scheduled_at,
    started_at, completed_at, attempt, lost_attempts, failure_kind, last_error, result_commit_hash, ingestion_status,
    ingestion_attempts, ingestion_delta, ingestion_status_code, ingestion_message, ingestion_cell_index,
    ingestion_last_attempt_at, ingestion_reason, created_at, updated_at)
SELECT id, state::job_status, CASE WHEN is_seed_job THEN 'SEED' ELSE 'EVOLVE' END, nullif(base_commit_hash, ''),
    nullif(island_id, ''), experiment_id, inspiration_commit_hashes, plan_summary, goal, constraints, acceptance_criteria,
    notes, tags, iteration_hint, sampling_strategy, sampling_initial_radius, sampling_radius_used,
    sampling_fallback_inspirations, is_seed_job,
    CASE WHEN experiment_id IS NOT NULL
         THEN row_number() OVER (PARTITION BY experiment_id ORDER BY created_at, id) - 1 END,
    priority, scheduled_at, started_at,
    CASE WHEN state IN ('SUCCEEDED', 'FAILED', 'CANCELLED') THEN coalesce(completed_at, updated_at) END,
    CASE WHEN started_at IS NOT NULL OR status = 'RUNNING' THEN 1 ELSE 0 END,
    CASE WHEN status = 'RUNNING' THEN 1 ELSE 0 END,
    CASE WHEN state = 'FAILED' THEN 'UNKNOWN' END,
    CASE WHEN state = 'FAILED' THEN coalesce(nullif(last_error, ''),
         CASE WHEN status = 'FAILED' THEN 'the Python system recorded no reason' ELSE 'succeeded without a commit' END)
         ELSE last_error END,
    nullif(result_commit_hash, ''),
    CASE WHEN state = 'SUCCEEDED' THEN ingestion_status END,
    -- A failed ingestion is tried anew: what failed may be what this system does otherwise.
    CASE WHEN ingestion_status = 'failed' THEN 0 ELSE ingestion_attempts END,
    CASE WHEN loreley_finite(ARRAY[ingestion_delta]) THEN ingestion_delta END,
    ingestion_status_code, ingestion_message, ingestion_cell_index, ingestion_last_attempt_at, ingestion_reason, created_at,
    updated_at
FROM (SELECT j.*, CASE WHEN status = 'RUNNING' THEN 'QUEUED'
                       WHEN status = 'SUCCEEDED' AND coalesce(result_commit_hash, '') = '' THEN 'FAILED'
                       ELSE status::text END AS state
      FROM loreley_from_python.evolution_jobs j) job;

INSERT INTO job_artifacts (job_id, planning_prompt_path, planning_raw_output_path, planning_plan_json_path,
    coding_prompt_path, coding_raw_output_path, coding_execution_json_path, evaluation_json_path, evaluation_logs_path,
    created_at, updated_at)
SELECT job_id, planning_prompt_path, planning_raw_output_path, planning_plan_json_path, coding_prompt_path,
    coding_raw_output_path, coding_execution_json_path, evaluation_json_path, evaluation_logs_path, created_at, updated_at
FROM loreley_from_python.job_artifacts;

INSERT INTO commit_cards (id, commit_hash, parent_commit_hash, island_id, experiment_id, job_id, author, subject,
    change_summary, evaluation_summary, tags, key_files, highlights, created_at, updated_at)
SELECT id, commit_hash, nullif(parent_commit_hash, ''), island_id, experiment_id, job_id, author,
    coalesce(nullif(subject, ''), left(commit_hash, 12)), coalesce(nullif(change_summary, ''), nullif(subject, ''), left(commit_hash, 12)),
    evaluation_summary, tags, key_files, highlights, created_at, updated_at
FROM loreley_from_python.commit_cards;

-- From here on, a row that cannot be stored is derived from others or is no number: it is set aside, whole.
CREATE TEMPORARY TABLE refused (table_name text, reason text, row_data jsonb, position tid) ON COMMIT DROP;

INSERT INTO refused SELECT 'metrics', reason, to_jsonb(m) - 'reason' - 'position', m.position FROM (
    SELECT *, ctid AS position, CASE WHEN name = '' THEN 'no name' WHEN NOT loreley_finite(ARRAY[value]) THEN 'value is no finite number' END AS reason
    FROM loreley_from_python.metrics) m WHERE reason IS NOT NULL;
INSERT INTO metrics (id, commit_card_id, name, value, unit, higher_is_better, details, created_at, updated_at)
SELECT id, commit_card_id, name, value, unit, higher_is_better,
    CASE WHEN jsonb_typeof(details) = 'object' THEN details ELSE jsonb_build_object('details', details) END, created_at, updated_at
FROM loreley_from_python.metrics m WHERE NOT EXISTS (SELECT FROM refused WHERE table_name = 'metrics' AND position = m.ctid);

INSERT INTO refused SELECT 'commit_chunk_summaries', 'blank hash or a number below its least', to_jsonb(s), s.ctid
FROM loreley_from_python.commit_chunk_summaries s
WHERE start_commit_hash = '' OR end_commit_hash = '' OR block_size < 1 OR step_count < 0;
INSERT INTO commit_chunk_summaries (experiment_id, start_commit_hash, end_commit_hash, block_size, model, step_count, summary, created_at, updated_at)
SELECT experiment_id, start_commit_hash, end_commit_hash, block_size, model, step_count, summary, created_at, updated_at
FROM loreley_from_python.commit_chunk_summaries s
WHERE NOT EXISTS (SELECT FROM refused WHERE table_name = 'commit_chunk_summaries' AND position = s.ctid);

INSERT INTO refused SELECT 'map_elites_states', 'blank island or a snapshot that is no object', to_jsonb(s), s.ctid
FROM loreley_from_python.map_elites_states s WHERE island_id = '' OR jsonb_typeof(snapshot) <> 'object';
INSERT INTO map_elites_states (experiment_id, island_id, snapshot, created_at, updated_at)
SELECT experiment_id, island_id, snapshot, created_at, updated_at FROM loreley_from_python.map_elites_states s
WHERE NOT EXISTS (SELECT FROM refused WHERE table_name = 'map_elites_states' AND position = s.ctid);

-- A commit sits in one cell of an island: where it was best, then where the index is lowest.
INSERT INTO refused SELECT 'map_elites_archive_cells', reason, to_jsonb(c) - 'reason' - 'position', c.position FROM (
    SELECT *, ctid AS position, CASE
        WHEN island_id = '' THEN 'blank island'
        WHEN cell_index < 0 THEN 'negative index'
        WHEN commit_hash !~ '^([0-9a-f]{40}|[0-9a-f]{64})$' THEN 'not a full commit hash'
        WHEN NOT loreley_finite(ARRAY[objective]) THEN 'objective is no finite number'
        WHEN NOT loreley_finite(measures || solution) THEN 'measures or solution hold what is no finite number'
        WHEN measures = '{}' THEN 'no measures' END AS reason
    FROM loreley_from_python.map_elites_archive_cells) c WHERE reason IS NOT NULL;
INSERT INTO refused SELECT 'map_elites_archive_cells', 'its commit sits in another cell of the island', to_jsonb(c) - 'place' - 'position', c.position FROM (
    SELECT *, ctid AS position, row_number() OVER (PARTITION BY experiment_id, island_id, commit_hash ORDER BY objective DESC, cell_index) AS place
    FROM loreley_from_python.map_elites_archive_cells cell
    WHERE NOT EXISTS (SELECT FROM refused WHERE table_name = 'map_elites_archive_cells' AND position = cell.ctid)) c WHERE place > 1;
INSERT INTO map_elites_archive_cells (experiment_id, island_id, cell_index, commit_hash, objective, measures, solution, timestamp, created_at, updated_at)
SELECT experiment_id, island_id, cell_index, commit_hash, objective, measures, solution,
    CASE WHEN loreley_finite(ARRAY["timestamp"]) THEN "timestamp" ELSE 0 END, created_at, updated_at
FROM loreley_from_python.map_elites_archive_cells c
WHERE NOT EXISTS (SELECT FROM refused WHERE table_name = 'map_elites_archive_cells' AND position = c.ctid);

INSERT INTO refused SELECT 'map_elites_pca_history', reason, to_jsonb(h) - 'reason' - 'position', h.position FROM (
    SELECT *, ctid AS position, CASE
        WHEN island_id = '' THEN 'blank island'
        WHEN commit_hash !~ '^([0-9a-f]{40}|[0-9a-f]{64})$' THEN 'not a full commit hash'
        WHEN NOT loreley_finite(vector) THEN 'vector holds what is no finite number' END AS reason
    FROM loreley_from_python.map_elites_pca_history) h WHERE reason IS NOT NULL;
INSERT INTO map_elites_pca_history (experiment_id, island_id, commit_hash, vector, embedding_model, last_seen_at, created_at, updated_at)
SELECT experiment_id, island_id, commit_hash, vector, embedding_model,
    CASE WHEN loreley_finite(ARRAY[last_seen_at]) THEN last_seen_at ELSE 0 END AS last_seen_at, created_at, updated_at
FROM loreley_from_python.map_elites_pca_history h
WHERE NOT EXISTS (SELECT FROM refused WHERE table_name = 'map_elites_pca_history' AND position = h.ctid)
ORDER BY last_seen_at, commit_hash;

INSERT INTO refused SELECT 'map_elites_file_embedding_cache', 'blank name, no dimensions, or what is no finite number', to_jsonb(c), c.ctid
FROM loreley_from_python.map_elites_file_embedding_cache c WHERE blob_sha = '' OR dimensions < 1 OR NOT loreley_finite(vector);
INSERT INTO map_elites_file_embedding_cache (experiment_id, blob_sha, embedding_model, dimensions, vector, created_at, updated_at)
SELECT experiment_id, blob_sha, embedding_model, dimensions, vector, created_at, updated_at
FROM loreley_from_python.map_elites_file_embedding_cache c
WHERE NOT EXISTS (SELECT FROM refused WHERE table_name = 'map_elites_file_embedding_cache' AND position = c.ctid);

INSERT INTO refused SELECT 'map_elites_repo_state_aggregates', 'not a full commit hash, a negative count, or what is no finite number', to_jsonb(a), a.ctid
FROM loreley_from_python.map_elites_repo_state_aggregates a
WHERE commit_hash !~ '^([0-9a-f]{40}|[0-9a-f]{64})$' OR file_count < 0 OR NOT loreley_finite(sum_vector);
INSERT INTO map_elites_repo_state_aggregates (experiment_id, commit_hash, file_count, sum_vector, created_at, updated_at)
SELECT experiment_id, commit_hash, file_count, sum_vector, created_at, updated_at
FROM loreley_from_python.map_elites_repo_state_aggregates a
WHERE NOT EXISTS (SELECT FROM refused WHERE table_name = 'map_elites_repo_state_aggregates' AND position = a.ctid);

INSERT INTO set_aside (table_name, reason, row_data) SELECT table_name, reason, row_data FROM refused ORDER BY table_name, position;
DROP TABLE refused;
