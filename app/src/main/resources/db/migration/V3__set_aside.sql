-- Rows of another system that no row of ours can hold, such as a metric that is NaN: kept whole, with the reason.
CREATE TABLE set_aside (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_name  varchar(63) NOT NULL CHECK (table_name <> ''),
    reason      text NOT NULL CHECK (reason <> ''),
    row_data    jsonb NOT NULL CHECK (jsonb_typeof(row_data) = 'object'),
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER set_aside_touch BEFORE UPDATE ON set_aside FOR EACH ROW EXECUTE FUNCTION loreley_touch();

-- What else is a number is finite, too.
ALTER TABLE evolution_jobs ADD CONSTRAINT evolution_jobs_ingestion_delta_check CHECK (loreley_finite(ARRAY[ingestion_delta]));
ALTER TABLE map_elites_archive_cells ADD CONSTRAINT map_elites_archive_cells_timestamp_check CHECK (loreley_finite(ARRAY["timestamp"]));
ALTER TABLE map_elites_pca_history ADD CONSTRAINT map_elites_pca_history_last_seen_at_check CHECK (loreley_finite(ARRAY[last_seen_at]));

-- Retention deletes what was not used for long.
CREATE INDEX ix_file_embedding_cache_updated ON map_elites_file_embedding_cache (experiment_id, updated_at);
DROP INDEX ix_file_embedding_cache_experiment;
CREATE INDEX ix_repo_state_aggregates_updated ON map_elites_repo_state_aggregates (experiment_id, updated_at);
