-- The growth of an island's archive, read part by part from its beginning.
CREATE INDEX ix_evolution_jobs_entered ON evolution_jobs (experiment_id, (coalesce(island_id, 'main')), ingestion_last_attempt_at, result_commit_hash)
    WHERE ingestion_status = 'succeeded' AND ingestion_cell_index IS NOT NULL;
