-- Who may use the API from beyond this machine. A token is shown once, when it is made; what is kept is its SHA-256.
CREATE TABLE api_tokens (
    id          uuid PRIMARY KEY,
    name        varchar(64) NOT NULL CHECK (name <> ''),
    role        varchar(16) NOT NULL CHECK (role IN ('READ', 'OPERATE')),
    hash        bytea NOT NULL CONSTRAINT uq_api_tokens_hash UNIQUE CHECK (length(hash) = 32),
    revoked_at  timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX uq_api_tokens_name ON api_tokens (name) WHERE revoked_at IS NULL;

-- Listings that are filtered, newest first.
CREATE INDEX ix_evolution_jobs_listing ON evolution_jobs (experiment_id, status, created_at DESC, id DESC);
CREATE INDEX ix_evolution_jobs_failures ON evolution_jobs (experiment_id, failure_kind, created_at DESC, id DESC)
    WHERE failure_kind IS NOT NULL;
-- Commits are named by the first digits of their hash, whatever the database's collation.
CREATE INDEX ix_commit_cards_prefix ON commit_cards (experiment_id, commit_hash COLLATE "C");
