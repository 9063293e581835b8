-- Counting took as long as the update that was counted: a function of its own for each row of a statement, usually two. One
-- statement counts now. Two connections that count in one slot wait for each other's commit, and the two dozen of two workers
-- often met in 16 slots: there are 128. Rows are written in the order of the key, as before.
CREATE OR REPLACE FUNCTION loreley_jobs_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO evolution_job_counts AS counted (experiment_id, slot, status, failure_kind, jobs)
    SELECT experiment_id, pg_backend_pid() % 128, status, coalesce(failure_kind, ''), count(*) FROM added
    WHERE EXISTS (SELECT FROM experiments WHERE id = experiment_id)
    GROUP BY experiment_id, status, coalesce(failure_kind, '') ORDER BY experiment_id, status, coalesce(failure_kind, '')
    ON CONFLICT (experiment_id, slot, status, failure_kind) DO UPDATE SET jobs = counted.jobs + excluded.jobs;
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION loreley_jobs_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO evolution_job_counts AS counted (experiment_id, slot, status, failure_kind, jobs)
    SELECT experiment_id, pg_backend_pid() % 128, status, cause, sum(sign) FROM (
        SELECT experiment_id, status, coalesce(failure_kind, '') AS cause, 1 AS sign FROM added
        UNION ALL SELECT experiment_id, status, coalesce(failure_kind, ''), -1 FROM removed) moved
    WHERE EXISTS (SELECT FROM experiments WHERE id = experiment_id)
    GROUP BY experiment_id, status, cause HAVING sum(sign) <> 0 ORDER BY experiment_id, status, cause
    ON CONFLICT (experiment_id, slot, status, failure_kind) DO UPDATE SET jobs = counted.jobs + excluded.jobs;
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION loreley_jobs_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO evolution_job_counts AS counted (experiment_id, slot, status, failure_kind, jobs)
    SELECT experiment_id, pg_backend_pid() % 128, status, coalesce(failure_kind, ''), -count(*) FROM removed
    WHERE EXISTS (SELECT FROM experiments WHERE id = experiment_id)
    GROUP BY experiment_id, status, coalesce(failure_kind, '') ORDER BY experiment_id, status, coalesce(failure_kind, '')
    ON CONFLICT (experiment_id, slot, status, failure_kind) DO UPDATE SET jobs = counted.jobs + excluded.jobs;
    RETURN NULL;
END
$$;
DROP FUNCTION loreley_count_jobs;
