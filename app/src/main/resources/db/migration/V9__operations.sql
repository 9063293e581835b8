-- What people told a running search: each order with who gave it and when, and what stands now.
CREATE TABLE audit_log (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    experiment_id  uuid REFERENCES experiments ON DELETE CASCADE,
    actor          varchar(255) NOT NULL CHECK (actor <> ''),
    action         varchar(32) NOT NULL CHECK (action <> ''),
    target         varchar(255),
    details        text,
    created_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_audit_log_experiment ON audit_log (experiment_id, id DESC);

-- A row exists once somebody said something of the experiment; none means that nothing was.
CREATE TABLE experiment_controls (
    experiment_id  uuid PRIMARY KEY REFERENCES experiments ON DELETE CASCADE,
    paused         boolean NOT NULL DEFAULT false,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now()
);

-- A pinned elite keeps its cell, and nothing of it is pruned; a banned commit is neither base nor inspiration.
CREATE TABLE commit_marks (
    experiment_id  uuid NOT NULL REFERENCES experiments ON DELETE CASCADE,
    commit_hash    varchar(64) NOT NULL CHECK (commit_hash <> ''),
    mark           varchar(8) NOT NULL CHECK (mark IN ('PINNED', 'BANNED')),
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (experiment_id, commit_hash)
);

-- What a person wants every prompt to say from now on, of one island or of all.
CREATE TABLE hints (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    experiment_id  uuid NOT NULL REFERENCES experiments ON DELETE CASCADE,
    island_id      varchar(64) CHECK (island_id <> ''),
    kind           varchar(8) NOT NULL CHECK (kind IN ('HINT', 'GOAL')),
    text           text NOT NULL CHECK (text <> ''),
    created_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_hints_goal_of_island CHECK (kind = 'HINT' OR island_id IS NOT NULL)
);
CREATE INDEX ix_hints_experiment ON hints (experiment_id, id);
CREATE UNIQUE INDEX uq_hints_goal ON hints (experiment_id, island_id) WHERE kind = 'GOAL';

-- The processes that work on jobs, as they last said of themselves.
CREATE TABLE workers (
    name          varchar(255) PRIMARY KEY CHECK (name <> ''),
    experiment_id uuid REFERENCES experiments ON DELETE CASCADE,
    host          varchar(255) NOT NULL,
    pid           bigint NOT NULL,
    version       varchar(64) NOT NULL,
    labels        varchar(64)[] NOT NULL DEFAULT '{}',
    slots         int NOT NULL CHECK (slots > 0),
    draining      boolean NOT NULL DEFAULT false,
    started_at    timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    stopped_at    timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_workers_experiment ON workers (experiment_id, last_seen_at DESC);

-- Who schedules an experiment. The epoch grows with every holder, and every write of a scheduler names it: one that was
-- overtaken can write nothing. The heart beats by the clock of the database. A lease outlives its experiment, and means nothing then.
CREATE TABLE scheduler_leases (
    experiment_id  uuid PRIMARY KEY,
    epoch          bigint NOT NULL CHECK (epoch > 0),
    holder         varchar(255) NOT NULL,
    backend_pid    int NOT NULL,
    renewed_at     timestamptz NOT NULL DEFAULT now(),
    -- Makes the epoch a part of a key: a takeover waits for writes that hold FOR KEY SHARE, a heartbeat does not.
    CONSTRAINT uq_scheduler_leases_epoch UNIQUE (experiment_id, epoch)
);

-- The project's files, as a commit that its scheduler sent to the git remote: for workers that have no folder of the project.
CREATE TABLE sent_projects (
    experiment_id  uuid PRIMARY KEY REFERENCES experiments ON DELETE CASCADE,
    files_commit   varchar(64) NOT NULL CHECK (files_commit <> ''),
    settings_file  varchar(255) NOT NULL CHECK (settings_file <> ''),
    labels         varchar(64)[] NOT NULL DEFAULT '{}',
    version        varchar(64) NOT NULL CHECK (version <> ''),
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN sent_projects.version IS 'of the scheduler; a worker of another version refuses';

-- How often a job went back to the queue because a provider or the network was away.
ALTER TABLE evolution_jobs
    ADD COLUMN retries int NOT NULL DEFAULT 0 CHECK (retries >= 0);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['experiment_controls', 'commit_marks', 'workers', 'sent_projects']
    LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION loreley_touch()', t || '_touch', t);
    END LOOP;
END
$$;
