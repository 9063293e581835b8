-- The hold-out measures a best as a job, so that it is queued, leased and resumed like all other work.
ALTER TABLE evolution_jobs DROP CONSTRAINT evolution_jobs_kind_check;
ALTER TABLE evolution_jobs
    ADD CONSTRAINT evolution_jobs_kind_check CHECK (kind IN ('ROOT', 'SEED', 'EVOLVE', 'REMEASURE', 'HOLDOUT'));
-- Whether the hold-out has said anything of an experiment is asked with every look at its status.
CREATE INDEX ix_commit_cards_holdout ON commit_cards (experiment_id) WHERE holdout IS NOT NULL;
