-- The janitor of each process asks every ten minutes which candidates the open jobs go on from.
CREATE INDEX job_stages_commit ON job_stages (experiment_id, commit_hash) WHERE commit_hash IS NOT NULL;
