-- What an evaluation says besides its metrics: whether the candidate may compete, what the next agents should read, and what
-- makes two evaluations the same.
ALTER TABLE commit_cards
    ADD COLUMN verdict         varchar(24) NOT NULL DEFAULT 'ACCEPTED'
        CHECK (verdict IN ('ACCEPTED', 'GATE_FAILED', 'CONSTRAINT_VIOLATED')),
    ADD COLUMN verdict_stage   varchar(64) CHECK (verdict_stage <> ''),
    ADD COLUMN verdict_reason  varchar(512) CHECK (verdict_reason <> ''),
    ADD COLUMN feedback        varchar(4000) CHECK (feedback <> ''),
    ADD COLUMN holdout         varchar(16) CHECK (holdout IN ('PASSED', 'FAILED')),
    ADD COLUMN holdout_reason  varchar(512) CHECK (holdout_reason <> ''),
    ADD CONSTRAINT ck_cards_gate_has_stage CHECK ((verdict = 'GATE_FAILED') = (verdict_stage IS NOT NULL)),
    ADD CONSTRAINT ck_cards_rejected_says_why CHECK ((verdict <> 'ACCEPTED') = (verdict_reason IS NOT NULL)),
    ADD CONSTRAINT ck_cards_holdout_failed_says_why CHECK ((holdout IS NOT DISTINCT FROM 'FAILED') = (holdout_reason IS NOT NULL));
COMMENT ON COLUMN commit_cards.holdout IS 'what the second evaluator said, which no prompt shows; absent where it did not run';
-- How many candidates were measured and may not compete.
CREATE INDEX ix_commit_cards_rejected ON commit_cards (experiment_id, verdict) WHERE verdict <> 'ACCEPTED';

ALTER TABLE metrics
    ADD COLUMN samples     int NOT NULL DEFAULT 1 CHECK (samples > 0),
    ADD COLUMN deviation   double precision NOT NULL DEFAULT 0 CHECK (deviation >= 0 AND loreley_finite(ARRAY[deviation])),
    ADD COLUMN is_private  boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT ck_metrics_one_sample_has_no_spread CHECK (samples > 1 OR deviation = 0);
COMMENT ON COLUMN metrics.deviation IS 'standard deviation of a single measurement';
COMMENT ON COLUMN metrics.is_private IS 'stored and shown to people, never to agents';

-- Finished evaluations by what was measured and by what: the same tree is not measured twice.
CREATE TABLE evaluations (
    experiment_id   uuid NOT NULL REFERENCES experiments ON DELETE CASCADE,
    tree_hash       varchar(64) NOT NULL CHECK (tree_hash <> ''),
    evaluator_hash  varchar(64) NOT NULL CHECK (evaluator_hash <> ''),
    result          jsonb NOT NULL CHECK (jsonb_typeof(result) = 'object'),
    job_id          uuid REFERENCES evolution_jobs ON DELETE SET NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (experiment_id, tree_hash, evaluator_hash)
);
CREATE INDEX ix_evaluations_job ON evaluations (job_id);
CREATE TRIGGER evaluations_touch BEFORE UPDATE ON evaluations FOR EACH ROW EXECUTE FUNCTION loreley_touch();

-- A commit may be measured again: its values become surer, and a lucky elite falls.
ALTER TABLE evolution_jobs DROP CONSTRAINT evolution_jobs_kind_check;
ALTER TABLE evolution_jobs ADD CONSTRAINT evolution_jobs_kind_check CHECK (kind IN ('ROOT', 'SEED', 'EVOLVE', 'REMEASURE'));
