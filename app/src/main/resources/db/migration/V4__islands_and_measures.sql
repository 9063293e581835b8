-- Axes that are metrics: what a commit was offered with, one value for each such axis.
ALTER TABLE map_elites_pca_history
    ADD COLUMN metric_values double precision[] NOT NULL DEFAULT '{}' CHECK (loreley_finite(metric_values));
COMMENT ON COLUMN map_elites_pca_history.metric_values IS 'as the evaluator reported them, in the order of the measured axes; empty if all axes are learned';

-- Each time elites went round the ring of islands. Written with what it changed in their archives, so that a restart
-- neither repeats a migration nor forgets one.
CREATE TABLE island_migrations (
    experiment_id  uuid NOT NULL REFERENCES experiments ON DELETE CASCADE,
    number         bigint NOT NULL CHECK (number > 0),
    offered        bigint NOT NULL CHECK (offered >= 0),
    happened_at    timestamptz NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (experiment_id, number)
);
COMMENT ON COLUMN island_migrations.offered IS 'how many commits the islands had been offered when it happened';
CREATE TRIGGER island_migrations_touch BEFORE UPDATE ON island_migrations FOR EACH ROW EXECUTE FUNCTION loreley_touch();

CREATE TABLE island_migrants (
    experiment_id  uuid NOT NULL,
    number         bigint NOT NULL,
    from_island    varchar(64) NOT NULL CHECK (from_island <> ''),
    to_island      varchar(64) NOT NULL CHECK (to_island <> '' AND to_island <> from_island),
    commit_hash    varchar(64) NOT NULL CHECK (commit_hash <> ''),
    cell_index     bigint CHECK (cell_index >= 0),
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (experiment_id, number, to_island, commit_hash),
    FOREIGN KEY (experiment_id, number) REFERENCES island_migrations ON DELETE CASCADE
);
COMMENT ON COLUMN island_migrants.cell_index IS 'the cell that the migrant took; absent if the island had a better elite there';
CREATE TRIGGER island_migrants_touch BEFORE UPDATE ON island_migrants FOR EACH ROW EXECUTE FUNCTION loreley_touch();
