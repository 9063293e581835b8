-- What the jobs of each agent came to, kept once a statement and no longer once a row, as V10 does for what they used: a statement
-- of many jobs took the square of their number. Agents come in their order, so that two statements which share a slot cannot wait
-- for each other.
DROP TRIGGER evolution_jobs_arm_inserted ON evolution_jobs;
DROP TRIGGER evolution_jobs_arm_updated ON evolution_jobs;
DROP TRIGGER evolution_jobs_arm_deleted ON evolution_jobs;
DROP FUNCTION loreley_arm_counted();
DROP FUNCTION loreley_count_arm(evolution_jobs, int);

-- A deleted experiment lets go of its jobs; there is nothing left to count then.
CREATE FUNCTION loreley_arms_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO agent_sums AS known (experiment_id, agent, slot, jobs_drawn, jobs_ended, jobs_kept)
    SELECT experiment_id, agent, pg_backend_pid() % 16, count(*), count(completed_at),
        count(*) FILTER (WHERE ingestion_status = 'succeeded')
    FROM added WHERE agent IS NOT NULL AND EXISTS (SELECT FROM experiments WHERE id = experiment_id)
    GROUP BY experiment_id, agent ORDER BY experiment_id, agent
    ON CONFLICT (experiment_id, agent, slot) DO UPDATE SET jobs_drawn = known.jobs_drawn + excluded.jobs_drawn,
        jobs_ended = known.jobs_ended + excluded.jobs_ended, jobs_kept = known.jobs_kept + excluded.jobs_kept;
    RETURN NULL;
END
$$;
CREATE FUNCTION loreley_arms_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM added WHERE agent IS NOT NULL UNION ALL SELECT FROM removed WHERE agent IS NOT NULL) THEN
        RETURN NULL; -- one agent, as most searches have: a quarter of the time of a sum over nothing
    END IF;
    INSERT INTO agent_sums AS known (experiment_id, agent, slot, jobs_drawn, jobs_ended, jobs_kept)
    SELECT experiment_id, agent, pg_backend_pid() % 16, sum(sign), sum(ended), sum(kept) FROM (
        SELECT experiment_id, agent, 1 AS sign, (completed_at IS NOT NULL)::int AS ended,
            (ingestion_status IS NOT DISTINCT FROM 'succeeded')::int AS kept
        FROM added WHERE agent IS NOT NULL
        UNION ALL SELECT experiment_id, agent, -1, -(completed_at IS NOT NULL)::int,
            -(ingestion_status IS NOT DISTINCT FROM 'succeeded')::int
        FROM removed WHERE agent IS NOT NULL) moved
    WHERE EXISTS (SELECT FROM experiments WHERE id = experiment_id)
    GROUP BY experiment_id, agent HAVING (sum(sign), sum(ended), sum(kept)) <> (0, 0, 0) ORDER BY experiment_id, agent
    ON CONFLICT (experiment_id, agent, slot) DO UPDATE SET jobs_drawn = known.jobs_drawn + excluded.jobs_drawn,
        jobs_ended = known.jobs_ended + excluded.jobs_ended, jobs_kept = known.jobs_kept + excluded.jobs_kept;
    RETURN NULL;
END
$$;
CREATE FUNCTION loreley_arms_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO agent_sums AS known (experiment_id, agent, slot, jobs_drawn, jobs_ended, jobs_kept)
    SELECT experiment_id, agent, pg_backend_pid() % 16, -count(*), -count(completed_at),
        -count(*) FILTER (WHERE ingestion_status = 'succeeded')
    FROM removed WHERE agent IS NOT NULL AND EXISTS (SELECT FROM experiments WHERE id = experiment_id)
    GROUP BY experiment_id, agent ORDER BY experiment_id, agent
    ON CONFLICT (experiment_id, agent, slot) DO UPDATE SET jobs_drawn = known.jobs_drawn + excluded.jobs_drawn,
        jobs_ended = known.jobs_ended + excluded.jobs_ended, jobs_kept = known.jobs_kept + excluded.jobs_kept;
    RETURN NULL;
END
$$;

CREATE TRIGGER evolution_jobs_arms_inserted AFTER INSERT ON evolution_jobs
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION loreley_arms_inserted();
CREATE TRIGGER evolution_jobs_arms_updated AFTER UPDATE ON evolution_jobs
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION loreley_arms_updated();
CREATE TRIGGER evolution_jobs_arms_deleted AFTER DELETE ON evolution_jobs
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION loreley_arms_deleted();

COMMENT ON COLUMN evolution_job_counts.failure_kind IS 'why jobs failed, or what those wait for that went back to the queue; empty where it is neither';
