-- A project may have several experiments, one for each set of settings it was ever run under. The one that was opened last is
-- the one that its commands are about.
ALTER TABLE experiments
    ADD COLUMN project varchar(255) CHECK (project <> ''),
    ADD COLUMN opened_at timestamptz NOT NULL DEFAULT now();

-- Until now the second experiment of project p was known by its name, p-2.
UPDATE experiments e SET
    opened_at = e.created_at,
    project = coalesce(
        (SELECT first.name FROM experiments first
         WHERE first.repository_id = e.repository_id AND first.created_at < e.created_at
             AND first.name = regexp_replace(e.name, '-\d+$', '')),
        e.name);

CREATE INDEX ix_experiments_project ON experiments (repository_id, project, opened_at DESC);
