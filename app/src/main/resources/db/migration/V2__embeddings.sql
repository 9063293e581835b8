-- A vector is the answer to a blob and everything that makes it: model, dimensions, treatment of the text. The same blob
-- may have several answers, after an upgrade or under two file names, and an experiment may take over those of another.
ALTER TABLE map_elites_file_embedding_cache
    DROP CONSTRAINT map_elites_file_embedding_cache_pkey,
    ADD CONSTRAINT map_elites_file_embedding_cache_pkey PRIMARY KEY (blob_sha, embedding_model, experiment_id);

-- Deleting an experiment deletes its vectors.
CREATE INDEX ix_file_embedding_cache_experiment ON map_elites_file_embedding_cache (experiment_id);

-- Doubles hardly compress, and trying to takes longer than writing them.
ALTER TABLE map_elites_file_embedding_cache ALTER COLUMN vector SET STORAGE EXTERNAL;
ALTER TABLE map_elites_repo_state_aggregates ALTER COLUMN sum_vector SET STORAGE EXTERNAL;

-- Sums of rows from before are of an unknown model, and never used.
ALTER TABLE map_elites_repo_state_aggregates ADD COLUMN embedding_model varchar(255) NOT NULL DEFAULT '';
