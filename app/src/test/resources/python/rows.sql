-- One experiment that went on for a while (1), one with a snapshot of the first schema (2), one of the same name (3).
-- Commit n is %040x of n; times are an hour apart from noon on.
INSERT INTO repositories VALUES
    ('00000000-0000-0001-0000-000000000001', 'example.org/project', 'https://example.org/Project.git', '/home/ann/project',
     '{"canonical_origin": "https://example.org/Project.git", "remotes": [{"url": "https://example.org/Project.git", "name": "origin"}]}',
     '2026-01-01 00:00:00+00', '2026-01-02 00:00:00+00');

INSERT INTO experiments VALUES
    ('00000000-0000-0002-0000-000000000001', '00000000-0000-0001-0000-000000000001', repeat('1', 64), 'example.org/project-11111111',
     '{"experiment_snapshot_schema_version": 1, "mapelites_experiment_root_commit": "0000000000000000000000000000000000000001",
       "mapelites_repo_state_ignore_text": "", "mapelites_repo_state_ignore_sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
       "mapelites_archive_threshold_min": {"__float__": "-inf"}, "worker_evolution_global_goal": "Make it faster.",
       "mapelites_fitness_metric": "score", "mapelites_fitness_higher_is_better": false, "mapelites_dimensionality_target_dims": 2,
       "mapelites_archive_cells_per_dim": 4, "mapelites_seed_population_size": 3, "mapelites_code_embedding_dimensions": 3}',
     'active', '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00'),
    ('00000000-0000-0002-0000-000000000002', '00000000-0000-0001-0000-000000000001', repeat('2', 64), 'example.org/project-22222222', '{}', NULL,
     '2026-01-03 00:00:00+00', '2026-01-03 00:00:00+00'),
    ('00000000-0000-0002-0000-000000000003', '00000000-0000-0001-0000-000000000001', repeat('3', 64), 'example.org/project-22222222', '{}', NULL,
     '2026-01-04 00:00:00+00', '2026-01-04 00:00:00+00');

-- 1 to 6 in every state, 7 succeeded and not ingested, 8 of an experiment that was deleted, 9 failed without a word, 10 to 12 what our rules mend.
INSERT INTO evolution_jobs (id, status, base_commit_hash, island_id, experiment_id, inspiration_commit_hashes, plan_summary, goal, constraints,
    acceptance_criteria, notes, tags, iteration_hint, sampling_strategy, sampling_initial_radius, sampling_radius_used,
    sampling_fallback_inspirations, is_seed_job, result_commit_hash, ingestion_status, ingestion_attempts, ingestion_delta,
    ingestion_status_code, ingestion_message, ingestion_cell_index, ingestion_last_attempt_at, ingestion_reason, priority,
    scheduled_at, started_at, completed_at, last_error, created_at, updated_at)
SELECT format('00000000-0000-0003-0000-%s', lpad(n::text, 12, '0'))::uuid, status::job_status, lpad('1', 40, '0'), 'main',
    CASE WHEN n <> 8 THEN '00000000-0000-0002-0000-000000000001'::uuid END,
    CASE WHEN n = 3 THEN ARRAY[lpad('2', 40, '0')] ELSE '{}' END, 'plan ' || n, 'Make it faster.', '{"keep the API"}', '{}', '{note}', '{tag}', 'hint',
    CASE WHEN n = 4 THEN 'seed' ELSE 'grid_neighbors' END, 1, 2, 0, n = 4, result, ingestion, attempts, delta, 2, NULL, cell,
    '2026-01-05 12:30:00+00', NULL, 3, noon, started::timestamptz, completed::timestamptz, error, noon, noon + interval '10 minutes'
FROM (VALUES
    (1, 'PENDING', NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL),
    (2, 'QUEUED', NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL),
    (3, 'RUNNING', NULL, NULL, 0, NULL, NULL, '2026-01-05 12:00+00', NULL, NULL),
    (4, 'SUCCEEDED', lpad('2', 40, '0'), 'succeeded', 1, 1.5, 5, '2026-01-05 12:00+00', '2026-01-05 12:10+00', NULL),
    (5, 'FAILED', NULL, NULL, 0, NULL, NULL, '2026-01-05 12:00+00', '2026-01-05 12:10+00', 'agent: exit 1'),
    (6, 'CANCELLED', NULL, NULL, 0, NULL, NULL, NULL, '2026-01-05 12:10+00', NULL),
    (7, 'SUCCEEDED', lpad('3', 40, '0'), NULL, 0, NULL, NULL, '2026-01-05 12:00+00', '2026-01-05 12:20+00', NULL),
    (8, 'SUCCEEDED', lpad('4', 40, '0'), 'skipped', 1, 0, NULL, '2026-01-05 12:00+00', '2026-01-05 12:10+00', NULL),
    (9, 'FAILED', NULL, NULL, 0, NULL, NULL, '2026-01-05 12:00+00', NULL, NULL),
    (10, 'SUCCEEDED', '', 'failed', 9, NULL, NULL, '2026-01-05 12:00+00', '2026-01-05 12:10+00', NULL),
    (11, 'SUCCEEDED', lpad('5', 40, '0'), 'failed', 9, 'NaN'::float, NULL, '2026-01-05 12:00+00', '2026-01-05 12:10+00', NULL),
    (12, 'CANCELLED', NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL)
    ) AS job (n, status, result, ingestion, attempts, delta, cell, started, completed, error),
    LATERAL (SELECT '2026-01-05 12:00:00+00'::timestamptz + n * interval '1 hour' AS noon) t;

INSERT INTO job_artifacts VALUES ('00000000-0000-0003-0000-000000000004', '/srv/logs/planning_prompt.txt', NULL, NULL, NULL, NULL, NULL,
    '/srv/logs/evaluation.json', NULL, '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00');

-- The root, two candidates, and one without words.
INSERT INTO commit_cards (id, commit_hash, parent_commit_hash, island_id, experiment_id, job_id, author, subject, change_summary, evaluation_summary,
    tags, key_files, highlights, created_at, updated_at) VALUES
    ('00000000-0000-0004-0000-000000000001', lpad('1', 40, '0'), '', 'main', '00000000-0000-0002-0000-000000000001', NULL, NULL, 'Begin', 'The root.', NULL, '{}', '{}', '{root}',
     '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00'),
    ('00000000-0000-0004-0000-000000000002', lpad('2', 40, '0'), lpad('1', 40, '0'), 'main', '00000000-0000-0002-0000-000000000001', '00000000-0000-0003-0000-000000000004', 'Loreley Worker',
     'Unroll the loop', 'Unrolled.', '12 % faster', '{loop}', '{src/main.py}', '{src/main.py: +3/-1}', '2026-01-05 12:10:00+00', '2026-01-05 12:11:00+00'),
    ('00000000-0000-0004-0000-000000000003', lpad('3', 40, '0'), lpad('1', 40, '0'), NULL, '00000000-0000-0002-0000-000000000001', '00000000-0000-0003-0000-000000000007', NULL, '', '', NULL, '{}', '{}', '{}',
     '2026-01-05 12:20:00+00', '2026-01-05 12:20:00+00');

INSERT INTO metrics (id, commit_card_id, name, value, unit, higher_is_better, details, created_at, updated_at) VALUES
    ('00000000-0000-0005-0000-000000000001', '00000000-0000-0004-0000-000000000002', 'score', 4.25, 's', false, '{"runs": [1, 2]}', '2026-01-05 12:10:00+00', '2026-01-05 12:11:00+00'),
    ('00000000-0000-0005-0000-000000000002', '00000000-0000-0004-0000-000000000003', 'score', 5, NULL, false, '[]', '2026-01-05 12:20:00+00', '2026-01-05 12:20:00+00'),
    ('00000000-0000-0005-0000-000000000003', '00000000-0000-0004-0000-000000000003', 'ratio', 'NaN', NULL, true, '{}', '2026-01-05 12:20:00+00', '2026-01-05 12:20:00+00');

INSERT INTO commit_chunk_summaries VALUES
    ('00000000-0000-0002-0000-000000000001', lpad('1', 40, '0'), lpad('2', 40, '0'), 8, 'gpt', 1, 'Unrolled the loop.', '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00'),
    ('00000000-0000-0002-0000-000000000001', lpad('1', 40, '0'), lpad('3', 40, '0'), 0, 'gpt', 1, 'No block.', '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00');

INSERT INTO map_elites_states VALUES
    ('00000000-0000-0002-0000-000000000001', 'main', '{"schema_version": 2, "storage_backend": "cells_history_v2", "history_limit": 4096,
      "lower_bounds": [0, 0], "upper_bounds": [1, 1], "note": "kept",
      "projection": {"feature_count": 3, "components": [[1, 0, 0], [0, 1, 0]], "mean": [0, 0, 0], "explained_variance": [1, 1],
                     "explained_variance_ratio": [0.5, 0.5], "sample_count": 32, "fitted_at": 12.5, "whiten": true}}', '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00'),
    ('00000000-0000-0002-0000-000000000002', 'main', '{"island_id": "main", "lower_bounds": [0], "upper_bounds": [1], "projection": null,
      "history": [{"commit_hash": "0000000000000000000000000000000000000002", "vector": [3, 4], "embedding_model": "m"}],
      "archive": [{"index": 5, "objective": 2.5, "measures": [0.1], "solution": [0.1], "commit_hash": "0000000000000000000000000000000000000002", "timestamp": 99.5}]}',
      '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00'),
    ('00000000-0000-0002-0000-000000000003', 'main', '[]', '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00');

-- One elite; one commit in two cells; one without a commit; one that is no number.
INSERT INTO map_elites_archive_cells VALUES
    ('00000000-0000-0002-0000-000000000001', 'main', 5, lpad('2', 40, '0'), -4.25, '{0.3,0.4}', '{0.3,0.4}', 1767614400.5, '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00'),
    ('00000000-0000-0002-0000-000000000001', 'main', 6, lpad('2', 40, '0'), -5, '{0.3,0.6}', '{0.3,0.6}', 1, '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00'),
    ('00000000-0000-0002-0000-000000000001', 'main', 7, '', 0, '{0.3,0.8}', '{0.3,0.8}', 0, '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00'),
    ('00000000-0000-0002-0000-000000000001', 'main', 8, lpad('3', 40, '0'), 'NaN', '{0.6,0.1}', '{0.6,0.1}', 'NaN', '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00');

INSERT INTO map_elites_pca_history VALUES
    ('00000000-0000-0002-0000-000000000001', 'main', lpad('2', 40, '0'), '{0.1,0.2,0.3}', 'text-embedding-3-small', 1767614400.5, '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00'),
    ('00000000-0000-0002-0000-000000000001', 'main', lpad('3', 40, '0'), '{0.4,0.5,0.6}', 'text-embedding-3-small', 'Infinity', '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00'),
    ('00000000-0000-0002-0000-000000000001', 'main', lpad('4', 40, '0'), '{NaN,0,0}', 'text-embedding-3-small', 1, '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00');

INSERT INTO map_elites_file_embedding_cache VALUES
    ('00000000-0000-0002-0000-000000000001', repeat('a', 40), 'text-embedding-3-small', 3, '{1,2,3}', '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00'),
    ('00000000-0000-0002-0000-000000000001', repeat('b', 40), 'text-embedding-3-small', 0, '{}', '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00');

INSERT INTO map_elites_repo_state_aggregates VALUES
    ('00000000-0000-0002-0000-000000000001', lpad('2', 40, '0'), 2, '{1,2,3}', '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00'),
    ('00000000-0000-0002-0000-000000000001', lpad('3', 40, '0'), -1, '{1,2,3}', '2026-01-05 00:00:00+00', '2026-01-06 00:00:00+00');
