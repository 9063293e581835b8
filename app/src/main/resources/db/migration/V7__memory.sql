-- Which of the configured agents a job was given to; rows from before knew of only one.
ALTER TABLE evolution_jobs ADD COLUMN agent varchar(64) CHECK (agent <> '');
COMMENT ON COLUMN evolution_jobs.agent IS 'the arm that was drawn for the job; absent where there was nothing to choose from';

-- What the jobs of an experiment used, by the agent that used it, and what its jobs came to: read at every tick, so kept
-- by triggers instead of being summed up. A figure is the sum over its slots: each connection writes to one of them, so
-- that workers do not wait for each other; one slot alone may be negative.
CREATE TABLE agent_sums (
    experiment_id        uuid NOT NULL REFERENCES experiments ON DELETE CASCADE,
    agent                varchar(64) NOT NULL,
    slot                 int NOT NULL,
    calls                bigint NOT NULL DEFAULT 0,
    unpriced_calls       bigint NOT NULL DEFAULT 0,
    input_tokens         bigint NOT NULL DEFAULT 0,
    cached_input_tokens  bigint NOT NULL DEFAULT 0,
    output_tokens        bigint NOT NULL DEFAULT 0,
    cost_usd             double precision NOT NULL DEFAULT 0,
    dearest_usd          double precision NOT NULL DEFAULT 0,
    largest_tokens       bigint NOT NULL DEFAULT 0,
    jobs_drawn           bigint NOT NULL DEFAULT 0,
    jobs_ended           bigint NOT NULL DEFAULT 0,
    jobs_kept            bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (experiment_id, agent, slot)
) WITH (fillfactor = 50);
COMMENT ON COLUMN agent_sums.agent IS 'empty for stages that no agent worked on';
COMMENT ON COLUMN agent_sums.jobs_kept IS 'jobs whose commit became an elite; jobs are counted where they name their agent';
COMMENT ON COLUMN agent_sums.dearest_usd IS 'the most that one job cost, as far as this slot saw; the maximum over the slots, not the sum';

-- A deleted experiment takes its jobs along; there is nothing left to sum up then.
CREATE FUNCTION loreley_sum_stage(stage job_stages, sign int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    job_cost double precision := 0;
    job_tokens bigint := 0;
BEGIN
    IF sign > 0 THEN
        SELECT sum(cost_usd), sum(input_tokens + output_tokens) INTO job_cost, job_tokens FROM job_stages WHERE job_id = stage.job_id;
    END IF;
    INSERT INTO agent_sums AS known (experiment_id, agent, slot, calls, unpriced_calls, input_tokens, cached_input_tokens,
        output_tokens, cost_usd, dearest_usd, largest_tokens)
    SELECT stage.experiment_id, coalesce(stage.agent, ''), pg_backend_pid() % 16, sign * stage.calls, sign * stage.unpriced_calls,
        sign * stage.input_tokens, sign * stage.cached_input_tokens, sign * stage.output_tokens, sign * stage.cost_usd,
        coalesce(job_cost, 0), coalesce(job_tokens, 0)
    WHERE EXISTS (SELECT FROM experiments WHERE id = stage.experiment_id)
    ON CONFLICT (experiment_id, agent, slot) DO UPDATE SET
        calls = known.calls + excluded.calls, unpriced_calls = known.unpriced_calls + excluded.unpriced_calls,
        input_tokens = known.input_tokens + excluded.input_tokens,
        cached_input_tokens = known.cached_input_tokens + excluded.cached_input_tokens,
        output_tokens = known.output_tokens + excluded.output_tokens, cost_usd = known.cost_usd + excluded.cost_usd,
        dearest_usd = greatest(known.dearest_usd, excluded.dearest_usd),
        largest_tokens = greatest(known.largest_tokens, excluded.largest_tokens);
END
$$;
CREATE FUNCTION loreley_stage_summed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM loreley_sum_stage(OLD, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM loreley_sum_stage(NEW, 1);
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION loreley_stages_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM agent_sums;
    RETURN NULL;
END
$$;
CREATE TRIGGER job_stages_inserted AFTER INSERT ON job_stages FOR EACH ROW WHEN (NEW.calls > 0)
    EXECUTE FUNCTION loreley_stage_summed();
CREATE TRIGGER job_stages_updated AFTER UPDATE ON job_stages FOR EACH ROW
    WHEN (NEW.calls + OLD.calls > 0
        AND (NEW.agent, NEW.calls, NEW.unpriced_calls, NEW.cost_usd, NEW.input_tokens, NEW.cached_input_tokens, NEW.output_tokens)
        IS DISTINCT FROM (OLD.agent, OLD.calls, OLD.unpriced_calls, OLD.cost_usd, OLD.input_tokens, OLD.cached_input_tokens, OLD.output_tokens))
    EXECUTE FUNCTION loreley_stage_summed();
CREATE TRIGGER job_stages_deleted AFTER DELETE ON job_stages FOR EACH ROW WHEN (OLD.calls > 0)
    EXECUTE FUNCTION loreley_stage_summed();
CREATE TRIGGER job_stages_truncated AFTER TRUNCATE ON job_stages FOR EACH STATEMENT EXECUTE FUNCTION loreley_stages_truncated();

-- Which agent got how many jobs, and how many of them paid: the state of the bandit.
CREATE FUNCTION loreley_count_arm(job evolution_jobs, sign int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO agent_sums AS known (experiment_id, agent, slot, jobs_drawn, jobs_ended, jobs_kept)
    SELECT job.experiment_id, job.agent, pg_backend_pid() % 16, sign, sign * (job.completed_at IS NOT NULL)::int,
        sign * (job.ingestion_status IS NOT DISTINCT FROM 'succeeded')::int
    WHERE EXISTS (SELECT FROM experiments WHERE id = job.experiment_id)
    ON CONFLICT (experiment_id, agent, slot) DO UPDATE SET jobs_drawn = known.jobs_drawn + excluded.jobs_drawn,
        jobs_ended = known.jobs_ended + excluded.jobs_ended, jobs_kept = known.jobs_kept + excluded.jobs_kept
$$;
CREATE FUNCTION loreley_arm_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.agent IS NOT NULL THEN
        PERFORM loreley_count_arm(OLD, -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.agent IS NOT NULL THEN
        PERFORM loreley_count_arm(NEW, 1);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER evolution_jobs_arm_inserted AFTER INSERT ON evolution_jobs FOR EACH ROW WHEN (NEW.agent IS NOT NULL)
    EXECUTE FUNCTION loreley_arm_counted();
CREATE TRIGGER evolution_jobs_arm_updated AFTER UPDATE ON evolution_jobs FOR EACH ROW
    WHEN ((NEW.agent, NEW.completed_at IS NULL, NEW.ingestion_status) IS DISTINCT FROM (OLD.agent, OLD.completed_at IS NULL, OLD.ingestion_status))
    EXECUTE FUNCTION loreley_arm_counted();
CREATE TRIGGER evolution_jobs_arm_deleted AFTER DELETE ON evolution_jobs FOR EACH ROW WHEN (OLD.agent IS NOT NULL)
    EXECUTE FUNCTION loreley_arm_counted();
CREATE TRIGGER evolution_jobs_arms_truncated AFTER TRUNCATE ON evolution_jobs FOR EACH STATEMENT EXECUTE FUNCTION loreley_stages_truncated();

-- What stands in the ledger already.
INSERT INTO agent_sums (experiment_id, agent, slot, calls, unpriced_calls, input_tokens, cached_input_tokens, output_tokens, cost_usd,
    dearest_usd, largest_tokens)
SELECT experiment_id, name, 0, sum(calls), sum(unpriced_calls), sum(input_tokens), sum(cached_input_tokens), sum(output_tokens),
    sum(cost_usd), max(job_cost), max(job_tokens)
FROM (SELECT *, coalesce(agent, '') AS name, sum(cost_usd) OVER (PARTITION BY job_id) AS job_cost,
        sum(input_tokens + output_tokens) OVER (PARTITION BY job_id) AS job_tokens FROM job_stages) stage
WHERE calls > 0 GROUP BY experiment_id, name;

-- What was tried from the same base, on the same island, last.
CREATE INDEX ix_evolution_jobs_base_ended ON evolution_jobs (experiment_id, base_commit_hash, completed_at DESC)
    WHERE completed_at IS NOT NULL;
CREATE INDEX ix_evolution_jobs_island_ended ON evolution_jobs (experiment_id, island_id, completed_at DESC)
    WHERE completed_at IS NOT NULL;
