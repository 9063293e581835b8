-- The sums over stages, kept once a statement and no longer once a row: within one transaction every change of a row of
-- agent_sums leaves a dead one behind, so that a statement of many stages took the square of their number.
DROP TRIGGER job_stages_inserted ON job_stages;
DROP TRIGGER job_stages_updated ON job_stages;
DROP TRIGGER job_stages_deleted ON job_stages;
DROP FUNCTION loreley_stage_summed();
DROP FUNCTION loreley_sum_stage(job_stages, int);

-- Adds to what an agent used. A deleted experiment takes its jobs along; there is nothing left to sum up then.
CREATE FUNCTION loreley_add_spending(experiment uuid, agent_name varchar, calls_more bigint, unpriced_more bigint, input_more bigint,
    cached_more bigint, output_more bigint, cost_more double precision, job_cost double precision, job_tokens bigint)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO agent_sums AS known (experiment_id, agent, slot, calls, unpriced_calls, input_tokens, cached_input_tokens,
        output_tokens, cost_usd, dearest_usd, largest_tokens)
    SELECT experiment, agent_name, pg_backend_pid() % 16, calls_more, unpriced_more, input_more, cached_more, output_more, cost_more,
        job_cost, job_tokens
    WHERE EXISTS (SELECT FROM experiments WHERE id = experiment)
    ON CONFLICT (experiment_id, agent, slot) DO UPDATE SET
        calls = known.calls + excluded.calls, unpriced_calls = known.unpriced_calls + excluded.unpriced_calls,
        input_tokens = known.input_tokens + excluded.input_tokens,
        cached_input_tokens = known.cached_input_tokens + excluded.cached_input_tokens,
        output_tokens = known.output_tokens + excluded.output_tokens, cost_usd = known.cost_usd + excluded.cost_usd,
        dearest_usd = greatest(known.dearest_usd, excluded.dearest_usd),
        largest_tokens = greatest(known.largest_tokens, excluded.largest_tokens)
$$;

-- Agents come in their order, so that two statements which share a slot cannot wait for each other. What a job used altogether
-- is looked up job by job whatever the plan, for the plan that is kept may have been made for another number of rows.
CREATE FUNCTION loreley_stages_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loreley_add_spending(experiment_id, name, calls, unpriced, input, cached, output, cost, dearest, largest) FROM (
        SELECT a.experiment_id, coalesce(a.agent, '') AS name, sum(calls)::bigint AS calls, sum(unpriced_calls)::bigint AS unpriced,
            sum(input_tokens)::bigint AS input, sum(cached_input_tokens)::bigint AS cached, sum(output_tokens)::bigint AS output,
            sum(cost_usd) AS cost, max(job.cost) AS dearest, max(job.tokens)::bigint AS largest
        FROM added a CROSS JOIN LATERAL (
            SELECT sum(s.cost_usd) AS cost, sum(s.input_tokens + s.output_tokens) AS tokens FROM job_stages s WHERE s.job_id = a.job_id) job
        WHERE a.calls > 0 GROUP BY 1, 2 ORDER BY 1, 2) used;
    RETURN NULL;
END
$$;
CREATE FUNCTION loreley_stages_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loreley_add_spending(experiment_id, name, calls, unpriced, input, cached, output, cost, dearest, largest) FROM (
        SELECT experiment_id, coalesce(agent, '') AS name, sum(sign * calls)::bigint AS calls,
            sum(sign * unpriced_calls)::bigint AS unpriced, sum(sign * input_tokens)::bigint AS input,
            sum(sign * cached_input_tokens)::bigint AS cached, sum(sign * output_tokens)::bigint AS output,
            sum(sign * cost_usd) AS cost, max(job_cost) AS dearest, max(job_tokens)::bigint AS largest
        FROM (SELECT 1 AS sign, a.*, job.* FROM added a CROSS JOIN LATERAL (
                SELECT sum(s.cost_usd) AS job_cost, sum(s.input_tokens + s.output_tokens) AS job_tokens
                FROM job_stages s WHERE s.job_id = a.job_id) job
            UNION ALL SELECT -1, r.*, 0, 0 FROM removed r) moved
        WHERE moved.calls > 0 GROUP BY 1, 2
        HAVING (sum(sign * calls), sum(sign * unpriced_calls), sum(sign * input_tokens), sum(sign * cached_input_tokens),
            sum(sign * output_tokens), sum(sign * cost_usd)) <> (0, 0, 0, 0, 0, 0)
        ORDER BY 1, 2) used;
    RETURN NULL;
END
$$;
CREATE FUNCTION loreley_stages_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loreley_add_spending(experiment_id, name, -calls, -unpriced, -input, -cached, -output, -cost, 0, 0) FROM (
        SELECT experiment_id, coalesce(agent, '') AS name, sum(calls)::bigint AS calls, sum(unpriced_calls)::bigint AS unpriced,
            sum(input_tokens)::bigint AS input, sum(cached_input_tokens)::bigint AS cached, sum(output_tokens)::bigint AS output,
            sum(cost_usd) AS cost
        FROM removed r WHERE r.calls > 0 GROUP BY 1, 2 ORDER BY 1, 2) used;
    RETURN NULL;
END
$$;

CREATE TRIGGER job_stages_inserted AFTER INSERT ON job_stages
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION loreley_stages_inserted();
CREATE TRIGGER job_stages_updated AFTER UPDATE ON job_stages
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION loreley_stages_updated();
CREATE TRIGGER job_stages_deleted AFTER DELETE ON job_stages
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION loreley_stages_deleted();
