-- The tables as the Python system's ORM creates them: no defaults but those of the timestamps, no checks.
CREATE TYPE job_status AS ENUM ('PENDING', 'QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED');

CREATE TABLE repositories (
    id UUID NOT NULL, slug VARCHAR(255) NOT NULL, remote_url VARCHAR(1024), root_path VARCHAR(1024), extra JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id), CONSTRAINT uq_repositories_slug UNIQUE (slug));
CREATE INDEX ix_repositories_slug ON repositories (slug);

CREATE TABLE experiments (
    id UUID NOT NULL, repository_id UUID NOT NULL, config_hash VARCHAR(64) NOT NULL, name VARCHAR(255),
    config_snapshot JSONB NOT NULL, status VARCHAR(32),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id), CONSTRAINT uq_experiments_repo_config UNIQUE (repository_id, config_hash),
    FOREIGN KEY(repository_id) REFERENCES repositories (id) ON DELETE CASCADE);
CREATE INDEX ix_experiments_repository_id ON experiments (repository_id);
CREATE INDEX ix_experiments_config_hash ON experiments (config_hash);

CREATE TABLE evolution_jobs (
    id UUID NOT NULL, status job_status NOT NULL, base_commit_hash VARCHAR(64), island_id VARCHAR(64), experiment_id UUID,
    inspiration_commit_hashes VARCHAR(64)[] NOT NULL, plan_summary TEXT, goal VARCHAR(512), constraints VARCHAR(200)[] NOT NULL,
    acceptance_criteria VARCHAR(200)[] NOT NULL, notes VARCHAR(200)[] NOT NULL, tags VARCHAR(64)[] NOT NULL,
    iteration_hint VARCHAR(256), sampling_strategy VARCHAR(64), sampling_initial_radius INTEGER, sampling_radius_used INTEGER,
    sampling_fallback_inspirations INTEGER, is_seed_job BOOLEAN NOT NULL, result_commit_hash VARCHAR(64),
    ingestion_status VARCHAR(32), ingestion_attempts INTEGER NOT NULL, ingestion_delta FLOAT, ingestion_status_code INTEGER,
    ingestion_message TEXT, ingestion_cell_index INTEGER, ingestion_last_attempt_at TIMESTAMP WITH TIME ZONE,
    ingestion_reason TEXT, priority INTEGER NOT NULL, scheduled_at TIMESTAMP WITH TIME ZONE, started_at TIMESTAMP WITH TIME ZONE,
    completed_at TIMESTAMP WITH TIME ZONE, last_error TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id), FOREIGN KEY(experiment_id) REFERENCES experiments (id) ON DELETE SET NULL);
CREATE INDEX ix_evolution_jobs_status ON evolution_jobs (status);
CREATE INDEX ix_evolution_jobs_base_commit ON evolution_jobs (base_commit_hash);
CREATE INDEX ix_evolution_jobs_experiment_id ON evolution_jobs (experiment_id);

CREATE TABLE job_artifacts (
    job_id UUID NOT NULL, planning_prompt_path VARCHAR(1024), planning_raw_output_path VARCHAR(1024),
    planning_plan_json_path VARCHAR(1024), coding_prompt_path VARCHAR(1024), coding_raw_output_path VARCHAR(1024),
    coding_execution_json_path VARCHAR(1024), evaluation_json_path VARCHAR(1024), evaluation_logs_path VARCHAR(1024),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (job_id), FOREIGN KEY(job_id) REFERENCES evolution_jobs (id) ON DELETE CASCADE);

CREATE TABLE commit_cards (
    id UUID NOT NULL, commit_hash VARCHAR(64) NOT NULL, parent_commit_hash VARCHAR(64), island_id VARCHAR(64),
    experiment_id UUID NOT NULL, job_id UUID, author VARCHAR(128), subject VARCHAR(72) NOT NULL,
    change_summary VARCHAR(512) NOT NULL, evaluation_summary VARCHAR(512), tags VARCHAR(64)[] NOT NULL,
    key_files VARCHAR(256)[] NOT NULL, highlights VARCHAR(200)[] NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id), CONSTRAINT uq_commit_cards_experiment_commit_hash UNIQUE (experiment_id, commit_hash),
    FOREIGN KEY(experiment_id) REFERENCES experiments (id) ON DELETE CASCADE,
    FOREIGN KEY(job_id) REFERENCES evolution_jobs (id) ON DELETE SET NULL);
CREATE INDEX ix_commit_cards_island_id ON commit_cards (island_id);
CREATE INDEX ix_commit_cards_parent_commit_hash ON commit_cards (parent_commit_hash);
CREATE INDEX ix_commit_cards_experiment_created_at ON commit_cards (experiment_id, created_at);
CREATE INDEX ix_commit_cards_experiment_island ON commit_cards (experiment_id, island_id);
CREATE INDEX ix_commit_cards_commit_hash ON commit_cards (commit_hash);
CREATE INDEX ix_commit_cards_experiment_id ON commit_cards (experiment_id);
CREATE INDEX ix_commit_cards_job_id ON commit_cards (job_id);

CREATE TABLE metrics (
    id UUID NOT NULL, commit_card_id UUID NOT NULL, name VARCHAR(128) NOT NULL, value FLOAT NOT NULL, unit VARCHAR(32),
    higher_is_better BOOLEAN NOT NULL, details JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (id), CONSTRAINT uq_metric_commit_card_name UNIQUE (commit_card_id, name),
    FOREIGN KEY(commit_card_id) REFERENCES commit_cards (id) ON DELETE CASCADE);
CREATE INDEX ix_metrics_commit_card_id ON metrics (commit_card_id);

CREATE TABLE commit_chunk_summaries (
    experiment_id UUID NOT NULL, start_commit_hash VARCHAR(64) NOT NULL, end_commit_hash VARCHAR(64) NOT NULL,
    block_size INTEGER NOT NULL, model VARCHAR(255) NOT NULL, step_count INTEGER NOT NULL, summary TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (experiment_id, start_commit_hash, end_commit_hash, block_size),
    FOREIGN KEY(experiment_id) REFERENCES experiments (id) ON DELETE CASCADE);
CREATE INDEX ix_commit_chunk_summaries_end_hash ON commit_chunk_summaries (experiment_id, end_commit_hash);

CREATE TABLE map_elites_states (
    experiment_id UUID NOT NULL, island_id VARCHAR(64) NOT NULL, snapshot JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (experiment_id, island_id), FOREIGN KEY(experiment_id) REFERENCES experiments (id) ON DELETE CASCADE);

CREATE TABLE map_elites_archive_cells (
    experiment_id UUID NOT NULL, island_id VARCHAR(64) NOT NULL, cell_index INTEGER NOT NULL, commit_hash VARCHAR(64) NOT NULL,
    objective FLOAT NOT NULL, measures FLOAT[] NOT NULL, solution FLOAT[] NOT NULL, timestamp FLOAT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (experiment_id, island_id, cell_index),
    FOREIGN KEY(experiment_id) REFERENCES experiments (id) ON DELETE CASCADE);
CREATE INDEX ix_map_elites_archive_cells_experiment_island ON map_elites_archive_cells (experiment_id, island_id);
CREATE INDEX ix_map_elites_archive_cells_commit_hash ON map_elites_archive_cells (commit_hash);

CREATE TABLE map_elites_pca_history (
    experiment_id UUID NOT NULL, island_id VARCHAR(64) NOT NULL, commit_hash VARCHAR(64) NOT NULL, vector FLOAT[] NOT NULL,
    embedding_model VARCHAR(255) NOT NULL, last_seen_at FLOAT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (experiment_id, island_id, commit_hash),
    FOREIGN KEY(experiment_id) REFERENCES experiments (id) ON DELETE CASCADE);
CREATE INDEX ix_map_elites_pca_history_last_seen ON map_elites_pca_history (experiment_id, island_id, last_seen_at);

CREATE TABLE map_elites_file_embedding_cache (
    experiment_id UUID NOT NULL, blob_sha VARCHAR(64) NOT NULL, embedding_model VARCHAR(255) NOT NULL, dimensions INTEGER NOT NULL,
    vector FLOAT[] NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (experiment_id, blob_sha), FOREIGN KEY(experiment_id) REFERENCES experiments (id) ON DELETE CASCADE);

CREATE TABLE map_elites_repo_state_aggregates (
    experiment_id UUID NOT NULL, commit_hash VARCHAR(64) NOT NULL, file_count INTEGER NOT NULL, sum_vector FLOAT[] NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (experiment_id, commit_hash), FOREIGN KEY(experiment_id) REFERENCES experiments (id) ON DELETE CASCADE);
CREATE INDEX ix_map_elites_repo_state_aggregates_commit ON map_elites_repo_state_aggregates (experiment_id, commit_hash);
