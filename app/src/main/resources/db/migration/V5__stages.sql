-- What each attempt of a job did, stage by stage: the timeline, the ledger of what was spent, and what another worker goes
-- on from. A finished stage is never paid for twice.
CREATE TABLE job_stages (
    job_id               uuid NOT NULL REFERENCES evolution_jobs ON DELETE CASCADE,
    attempt              int NOT NULL CHECK (attempt > 0),
    stage                varchar(16) NOT NULL CHECK (stage IN ('PLAN', 'CODE', 'EVALUATE')),
    experiment_id        uuid NOT NULL REFERENCES experiments ON DELETE CASCADE,
    worker               varchar(255) NOT NULL CHECK (worker <> ''),
    agent                varchar(64) CHECK (agent <> ''),
    model                varchar(255),
    calls                int NOT NULL DEFAULT 0 CHECK (calls >= 0),
    unpriced_calls       int NOT NULL DEFAULT 0 CHECK (unpriced_calls BETWEEN 0 AND calls),
    input_tokens         bigint NOT NULL DEFAULT 0 CHECK (input_tokens >= 0),
    cached_input_tokens  bigint NOT NULL DEFAULT 0 CHECK (cached_input_tokens BETWEEN 0 AND input_tokens),
    output_tokens        bigint NOT NULL DEFAULT 0 CHECK (output_tokens >= 0),
    cost_usd             double precision NOT NULL DEFAULT 0 CHECK (cost_usd >= 0 AND loreley_finite(ARRAY[cost_usd])),
    outcome              varchar(16) CHECK (outcome IN ('SUCCEEDED', 'FAILED', 'INTERRUPTED')),
    failure_kind         varchar(32),
    message              text,
    result               jsonb CHECK (jsonb_typeof(result) = 'object'),
    commit_hash          varchar(64) CHECK (commit_hash <> ''),
    artifacts            varchar(1024),
    started_at           timestamptz NOT NULL,
    ended_at             timestamptz,
    created_at           timestamptz NOT NULL DEFAULT now(),
    updated_at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (job_id, attempt, stage),
    CONSTRAINT ck_stages_ended_has_outcome CHECK ((outcome IS NULL) = (ended_at IS NULL)),
    CONSTRAINT ck_stages_failed_says_why CHECK (outcome IS DISTINCT FROM 'FAILED' OR (failure_kind IS NOT NULL AND message IS NOT NULL)),
    CONSTRAINT ck_stages_succeeded_has_result CHECK (outcome IS DISTINCT FROM 'SUCCEEDED' OR result IS NOT NULL)
);
COMMENT ON COLUMN job_stages.cost_usd IS 'of the calls whose price is known; those whose price is not are counted in unpriced_calls';
COMMENT ON COLUMN job_stages.commit_hash IS 'the candidate that the coding stage left; absent where it changed nothing';
-- What runs or ran last, and what was spent by whom.
CREATE INDEX ix_job_stages_started ON job_stages (experiment_id, started_at DESC);

CREATE TRIGGER job_stages_touch BEFORE UPDATE ON job_stages FOR EACH ROW EXECUTE FUNCTION loreley_touch();
