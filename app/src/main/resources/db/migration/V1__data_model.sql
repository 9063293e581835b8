-- The data model of Loreley. Table and column names are those that users of the Python system know; what is new here
-- is the attempt that fences a job, the failure kinds, the ingestion schedule, the projection version of a cell, and
-- the constraints that hold what the code assumes.

CREATE TYPE job_status AS ENUM ('PENDING', 'QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED');

CREATE FUNCTION loreley_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- What is stored is finite: NaN would win every ORDER BY … DESC.
CREATE FUNCTION loreley_finite(vector double precision[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT NOT ('NaN'::float8 = ANY (vector) OR 'Infinity'::float8 = ANY (vector) OR '-Infinity'::float8 = ANY (vector))
$$;

CREATE TABLE repositories (
    id          uuid PRIMARY KEY,
    slug        varchar(255) NOT NULL CONSTRAINT uq_repositories_slug UNIQUE CHECK (slug <> ''),
    remote_url  varchar(1024),
    root_path   varchar(1024),
    extra       jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(extra) = 'object'),
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE experiments (
    id               uuid PRIMARY KEY,
    repository_id    uuid NOT NULL REFERENCES repositories ON DELETE CASCADE,
    config_hash      varchar(64) NOT NULL CHECK (config_hash <> ''),
    name             varchar(255) CHECK (name <> ''),
    config_snapshot  jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(config_snapshot) = 'object'),
    status           varchar(32),
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_experiments_repo_config UNIQUE (repository_id, config_hash),
    CONSTRAINT uq_experiments_repo_name UNIQUE (repository_id, name)
);

CREATE TABLE evolution_jobs (
    id                              uuid PRIMARY KEY,
    status                          job_status NOT NULL DEFAULT 'PENDING',
    kind                            varchar(16) NOT NULL DEFAULT 'EVOLVE' CHECK (kind IN ('ROOT', 'SEED', 'EVOLVE')),
    base_commit_hash                varchar(64) CHECK (base_commit_hash <> ''),
    island_id                       varchar(64),
    experiment_id                   uuid REFERENCES experiments ON DELETE SET NULL,
    inspiration_commit_hashes       varchar(64)[] NOT NULL DEFAULT '{}',
    plan_summary                    text,
    goal                            varchar(512),
    constraints                     varchar(200)[] NOT NULL DEFAULT '{}',
    acceptance_criteria             varchar(200)[] NOT NULL DEFAULT '{}',
    notes                           varchar(200)[] NOT NULL DEFAULT '{}',
    tags                            varchar(64)[] NOT NULL DEFAULT '{}',
    iteration_hint                  varchar(256),
    sampling_strategy               varchar(64),
    sampling_initial_radius         int CHECK (sampling_initial_radius >= 0),
    sampling_radius_used            int CHECK (sampling_radius_used >= 0),
    sampling_fallback_inspirations  int CHECK (sampling_fallback_inspirations >= 0),
    is_seed_job                     boolean NOT NULL DEFAULT false,
    draw                            bigint CHECK (draw >= 0),
    seed                            bigint NOT NULL DEFAULT 0,
    priority                        int NOT NULL DEFAULT 0,
    scheduled_at                    timestamptz,
    started_at                      timestamptz,
    completed_at                    timestamptz,
    attempt                         int NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    lost_attempts                   int NOT NULL DEFAULT 0 CHECK (lost_attempts BETWEEN 0 AND attempt),
    worker                          varchar(255),
    stage                           varchar(16),
    failure_kind                    varchar(32),
    last_error                      text,
    result_commit_hash              varchar(64) CHECK (result_commit_hash <> ''),
    ingestion_status                varchar(32) CHECK (ingestion_status IN ('succeeded', 'skipped', 'failed')),
    ingestion_attempts              int NOT NULL DEFAULT 0 CHECK (ingestion_attempts >= 0),
    ingestion_delta                 double precision,
    ingestion_status_code           int,
    ingestion_message               text,
    ingestion_cell_index            bigint CHECK (ingestion_cell_index >= 0),
    ingestion_last_attempt_at       timestamptz,
    ingestion_next_attempt_at       timestamptz,
    ingestion_reason                text,
    created_at                      timestamptz NOT NULL DEFAULT now(),
    updated_at                      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_jobs_succeeded_has_result CHECK (status <> 'SUCCEEDED' OR result_commit_hash IS NOT NULL),
    CONSTRAINT ck_jobs_failed_says_why CHECK (status <> 'FAILED' OR (failure_kind IS NOT NULL AND last_error IS NOT NULL)),
    CONSTRAINT ck_jobs_final_has_end CHECK ((status IN ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (completed_at IS NOT NULL)),
    CONSTRAINT ck_jobs_running_has_worker CHECK (status <> 'RUNNING' OR (worker IS NOT NULL AND started_at IS NOT NULL AND attempt > 0)),
    CONSTRAINT ck_jobs_ingested_only_after_success CHECK (ingestion_status IS NULL OR status = 'SUCCEEDED')
);
-- One draw number, one job: a restarted scheduler cannot draw the same number again.
CREATE UNIQUE INDEX uq_evolution_jobs_draw ON evolution_jobs (experiment_id, draw);
CREATE INDEX ix_evolution_jobs_base_commit ON evolution_jobs (base_commit_hash);
-- Unfinished jobs: counted and dispatched at every tick. No predicate here names a status, because statements pass it as
-- a parameter, and a generic plan must be able to prove the predicate.
CREATE INDEX ix_evolution_jobs_open ON evolution_jobs (experiment_id, status, priority DESC, scheduled_at, id)
    WHERE completed_at IS NULL;
-- Successes that wait for the archive.
CREATE INDEX ix_evolution_jobs_to_ingest ON evolution_jobs (experiment_id, completed_at, id)
    WHERE completed_at IS NOT NULL AND result_commit_hash IS NOT NULL AND (ingestion_status IS NULL OR ingestion_status = 'failed');
-- The youngest of a kind.
CREATE INDEX ix_evolution_jobs_kind ON evolution_jobs (experiment_id, kind, scheduled_at DESC, id);
-- The first start and the last end.
CREATE INDEX ix_evolution_jobs_started ON evolution_jobs (experiment_id, started_at) WHERE started_at IS NOT NULL;
CREATE INDEX ix_evolution_jobs_completed ON evolution_jobs (experiment_id, completed_at) WHERE completed_at IS NOT NULL;
-- Listings, newest first.
CREATE INDEX ix_evolution_jobs_created ON evolution_jobs (experiment_id, created_at DESC);
CREATE INDEX ix_evolution_jobs_result ON evolution_jobs (experiment_id, result_commit_hash) WHERE result_commit_hash IS NOT NULL;

-- The edges of docs/job-states.md, and no others.
CREATE FUNCTION loreley_job_edge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status AND NOT (
           (OLD.status = 'PENDING' AND NEW.status IN ('QUEUED', 'CANCELLED'))
        OR (OLD.status = 'QUEUED'  AND NEW.status IN ('RUNNING', 'CANCELLED'))
        OR (OLD.status = 'RUNNING' AND NEW.status IN ('QUEUED', 'SUCCEEDED', 'FAILED', 'CANCELLED'))) THEN
        RAISE EXCEPTION 'a job cannot move from % to %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER evolution_jobs_edge BEFORE UPDATE OF status ON evolution_jobs FOR EACH ROW EXECUTE FUNCTION loreley_job_edge();

-- How many jobs of an experiment are in a state, failed ones by their cause: counting a million rows takes too long.
-- True after every statement, whoever wrote it. A count is the sum over its slots: each connection writes to one of them,
-- so that workers do not wait for each other; one slot alone may be negative.
CREATE TABLE evolution_job_counts (
    experiment_id  uuid NOT NULL REFERENCES experiments ON DELETE CASCADE,
    slot           int NOT NULL,
    status         job_status NOT NULL,
    failure_kind   varchar(32) NOT NULL,
    jobs           bigint NOT NULL,
    PRIMARY KEY (experiment_id, slot, status, failure_kind)
) WITH (fillfactor = 50);
COMMENT ON COLUMN evolution_job_counts.failure_kind IS 'empty for jobs that have not failed';

-- A deleted experiment lets go of its jobs; there is nothing left to count then.
CREATE FUNCTION loreley_count_jobs(experiment uuid, state job_status, cause varchar, delta bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO evolution_job_counts AS counted (experiment_id, slot, status, failure_kind, jobs)
    SELECT experiment, pg_backend_pid() % 16, state, cause, delta
    WHERE EXISTS (SELECT FROM experiments WHERE id = experiment)
    ON CONFLICT (experiment_id, slot, status, failure_kind) DO UPDATE SET jobs = counted.jobs + excluded.jobs
$$;

-- Counts by statement, so that a bulk load writes each of them once; and in the order of the key, so that two statements
-- which share a slot cannot wait for each other.
CREATE FUNCTION loreley_jobs_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loreley_count_jobs(experiment_id, status, cause, delta) FROM (
        SELECT experiment_id, status, coalesce(failure_kind, '') AS cause, count(*) AS delta FROM added
        WHERE experiment_id IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3) change;
    RETURN NULL;
END
$$;
CREATE FUNCTION loreley_jobs_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loreley_count_jobs(experiment_id, status, cause, delta) FROM (
        SELECT experiment_id, status, coalesce(failure_kind, '') AS cause, sum(sign) AS delta FROM (
            SELECT experiment_id, status, failure_kind, 1 AS sign FROM added
            UNION ALL SELECT experiment_id, status, failure_kind, -1 FROM removed) moved
        WHERE experiment_id IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(sign) <> 0 ORDER BY 1, 2, 3) change;
    RETURN NULL;
END
$$;
CREATE FUNCTION loreley_jobs_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loreley_count_jobs(experiment_id, status, cause, delta) FROM (
        SELECT experiment_id, status, coalesce(failure_kind, '') AS cause, -count(*) AS delta FROM removed
        WHERE experiment_id IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3) change;
    RETURN NULL;
END
$$;
CREATE FUNCTION loreley_jobs_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM evolution_job_counts;
    RETURN NULL;
END
$$;
CREATE TRIGGER evolution_jobs_inserted AFTER INSERT ON evolution_jobs
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION loreley_jobs_inserted();
CREATE TRIGGER evolution_jobs_updated AFTER UPDATE ON evolution_jobs
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION loreley_jobs_updated();
CREATE TRIGGER evolution_jobs_deleted AFTER DELETE ON evolution_jobs
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION loreley_jobs_deleted();
CREATE TRIGGER evolution_jobs_truncated AFTER TRUNCATE ON evolution_jobs
    FOR EACH STATEMENT EXECUTE FUNCTION loreley_jobs_truncated();

CREATE TABLE job_artifacts (
    job_id                    uuid PRIMARY KEY REFERENCES evolution_jobs ON DELETE CASCADE,
    planning_prompt_path      varchar(1024),
    planning_raw_output_path  varchar(1024),
    planning_plan_json_path   varchar(1024),
    coding_prompt_path        varchar(1024),
    coding_raw_output_path    varchar(1024),
    coding_execution_json_path varchar(1024),
    evaluation_json_path      varchar(1024),
    evaluation_logs_path      varchar(1024),
    created_at                timestamptz NOT NULL DEFAULT now(),
    updated_at                timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE commit_cards (
    id                  uuid PRIMARY KEY,
    commit_hash         varchar(64) NOT NULL CHECK (commit_hash <> ''),
    parent_commit_hash  varchar(64),
    island_id           varchar(64),
    experiment_id       uuid NOT NULL REFERENCES experiments ON DELETE CASCADE,
    job_id              uuid REFERENCES evolution_jobs ON DELETE SET NULL,
    author              varchar(128),
    subject             varchar(72) NOT NULL CHECK (subject <> ''),
    change_summary      varchar(512) NOT NULL CHECK (change_summary <> ''),
    evaluation_summary  varchar(512),
    tags                varchar(64)[] NOT NULL DEFAULT '{}',
    key_files           varchar(256)[] NOT NULL DEFAULT '{}',
    highlights          varchar(200)[] NOT NULL DEFAULT '{}',
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_commit_cards_experiment_commit_hash UNIQUE (experiment_id, commit_hash)
);
CREATE INDEX ix_commit_cards_commit_hash ON commit_cards (commit_hash);
CREATE INDEX ix_commit_cards_parent ON commit_cards (experiment_id, parent_commit_hash);
CREATE INDEX ix_commit_cards_created ON commit_cards (experiment_id, created_at);
CREATE INDEX ix_commit_cards_island ON commit_cards (experiment_id, island_id);
CREATE INDEX ix_commit_cards_job ON commit_cards (job_id);

CREATE TABLE metrics (
    id                uuid PRIMARY KEY,
    commit_card_id    uuid NOT NULL REFERENCES commit_cards ON DELETE CASCADE,
    name              varchar(128) NOT NULL CHECK (name <> ''),
    value             double precision NOT NULL CHECK (loreley_finite(ARRAY[value])),
    unit              varchar(32),
    higher_is_better  boolean NOT NULL DEFAULT true,
    details           jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object'),
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_metric_commit_card_name UNIQUE (commit_card_id, name)
);
CREATE INDEX ix_metrics_name_value ON metrics (name, value);

CREATE TABLE commit_chunk_summaries (
    experiment_id      uuid NOT NULL REFERENCES experiments ON DELETE CASCADE,
    start_commit_hash  varchar(64) NOT NULL CHECK (start_commit_hash <> ''),
    end_commit_hash    varchar(64) NOT NULL CHECK (end_commit_hash <> ''),
    block_size         int NOT NULL CHECK (block_size > 0),
    model              varchar(255) NOT NULL DEFAULT '',
    step_count         int NOT NULL CHECK (step_count >= 0),
    summary            text NOT NULL,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (experiment_id, start_commit_hash, end_commit_hash, block_size, model)
);
CREATE INDEX ix_commit_chunk_summaries_end_hash ON commit_chunk_summaries (experiment_id, end_commit_hash);

CREATE TABLE map_elites_states (
    experiment_id  uuid NOT NULL REFERENCES experiments ON DELETE CASCADE,
    island_id      varchar(64) NOT NULL CHECK (island_id <> ''),
    snapshot       jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(snapshot) = 'object'),
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (experiment_id, island_id)
);

CREATE TABLE map_elites_archive_cells (
    experiment_id       uuid NOT NULL REFERENCES experiments ON DELETE CASCADE,
    island_id           varchar(64) NOT NULL CHECK (island_id <> ''),
    cell_index          bigint NOT NULL CHECK (cell_index >= 0),
    commit_hash         varchar(64) NOT NULL CHECK (commit_hash <> ''),
    objective           double precision NOT NULL DEFAULT 0 CHECK (loreley_finite(ARRAY[objective])),
    threshold           double precision CHECK (loreley_finite(ARRAY[threshold])),
    measures            double precision[] NOT NULL DEFAULT '{}' CHECK (loreley_finite(measures)),
    solution            double precision[] NOT NULL DEFAULT '{}' CHECK (loreley_finite(solution)),
    timestamp           double precision NOT NULL DEFAULT 0,
    projection_version  int NOT NULL DEFAULT 0 CHECK (projection_version >= 0),
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (experiment_id, island_id, cell_index)
);
-- How many elites there are, and what they sum up to, without their vectors.
CREATE INDEX ix_archive_cells_objective ON map_elites_archive_cells (experiment_id) INCLUDE (objective);
-- A commit sits in one cell of an island.
CREATE UNIQUE INDEX uq_archive_cells_commit ON map_elites_archive_cells (experiment_id, island_id, commit_hash);

CREATE TABLE map_elites_pca_history (
    experiment_id    uuid NOT NULL REFERENCES experiments ON DELETE CASCADE,
    island_id        varchar(64) NOT NULL CHECK (island_id <> ''),
    commit_hash      varchar(64) NOT NULL CHECK (commit_hash <> ''),
    vector           double precision[] NOT NULL DEFAULT '{}' CHECK (loreley_finite(vector)),
    objective        double precision CHECK (loreley_finite(ARRAY[objective])),
    embedding_model  varchar(255) NOT NULL DEFAULT '',
    last_seen_at     double precision NOT NULL DEFAULT 0,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (experiment_id, island_id, commit_hash)
);
COMMENT ON COLUMN map_elites_pca_history.objective IS 'oriented, higher is better: what the commit competes with when the archive is rebuilt';
CREATE INDEX ix_pca_history_last_seen ON map_elites_pca_history (experiment_id, island_id, last_seen_at, commit_hash);
-- Doubles hardly compress; the attempt costs more than the bytes.
ALTER TABLE map_elites_pca_history ALTER COLUMN vector SET STORAGE EXTERNAL;

-- Each time the best objective of an experiment rose: what progress is drawn from.
CREATE TABLE best_history (
    experiment_id  uuid NOT NULL REFERENCES experiments ON DELETE CASCADE,
    objective      double precision NOT NULL CHECK (loreley_finite(ARRAY[objective])),
    commit_hash    varchar(64) NOT NULL CHECK (commit_hash <> ''),
    draw           bigint CHECK (draw >= 0),
    found_at       timestamptz NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (experiment_id, objective)
);
COMMENT ON COLUMN best_history.objective IS 'oriented, higher is better';

CREATE TABLE map_elites_file_embedding_cache (
    experiment_id    uuid NOT NULL REFERENCES experiments ON DELETE CASCADE,
    blob_sha         varchar(64) NOT NULL CHECK (blob_sha <> ''),
    embedding_model  varchar(255) NOT NULL,
    dimensions       int NOT NULL CHECK (dimensions > 0),
    vector           double precision[] NOT NULL DEFAULT '{}' CHECK (loreley_finite(vector)),
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (experiment_id, blob_sha)
);
COMMENT ON COLUMN map_elites_file_embedding_cache.vector IS 'empty: the blob was read and holds nothing to embed';

CREATE TABLE map_elites_repo_state_aggregates (
    experiment_id  uuid NOT NULL REFERENCES experiments ON DELETE CASCADE,
    commit_hash    varchar(64) NOT NULL CHECK (commit_hash <> ''),
    file_count     int NOT NULL DEFAULT 0 CHECK (file_count >= 0),
    sum_vector     double precision[] NOT NULL DEFAULT '{}' CHECK (loreley_finite(sum_vector)),
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (experiment_id, commit_hash)
);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['repositories', 'experiments', 'evolution_jobs', 'job_artifacts', 'commit_cards', 'metrics',
        'commit_chunk_summaries', 'map_elites_states', 'map_elites_archive_cells', 'map_elites_pca_history', 'best_history',
        'map_elites_file_embedding_cache', 'map_elites_repo_state_aggregates']
    LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION loreley_touch()', t || '_touch', t);
    END LOOP;
END
$$;

-- The queue: db-scheduler's table, with the index for priority.
CREATE TABLE scheduled_tasks (
    task_name             text NOT NULL,
    task_instance         text NOT NULL,
    task_data             bytea,
    execution_time        timestamptz NOT NULL,
    picked                boolean NOT NULL,
    picked_by             text,
    last_success          timestamptz,
    last_failure          timestamptz,
    consecutive_failures  int,
    last_heartbeat        timestamptz,
    version               bigint NOT NULL,
    priority              smallint,
    PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX ix_scheduled_tasks_due ON scheduled_tasks (priority DESC, execution_time ASC);
CREATE INDEX ix_scheduled_tasks_heartbeat ON scheduled_tasks (last_heartbeat);
