package io.loreley.store;

import static io.loreley.store.Question.instant;
import static io.loreley.store.Question.uuid;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobId;
import io.loreley.domain.Spending;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the stages of jobs did, took and cost. */
public final class StageListing {

    private final Database database;

    public StageListing(Database database) {
        this.database = database;
    }

    /** One stage of one attempt. */
    public record Line(
            JobId job,
            int attempt,
            String stage,
            String worker,
            @Nullable String agent,
            @Nullable String model,
            int calls,
            int unpricedCalls,
            long inputTokens,
            long cachedInputTokens,
            long outputTokens,
            double costUsd,
            @Nullable String outcome,
            @Nullable String failureKind,
            @Nullable String message,
            @Nullable String commit,
            @Nullable String artifacts,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt) {}

    /**
     * What one agent, or the evaluator, did with one model in one kind of stage.
     *
     * @param placed how many of its jobs' commits entered the archive
     * @param seconds spent in stages that ended
     */
    public record Arm(
            String stage,
            @Nullable String agent,
            @Nullable String model,
            long stages,
            long succeeded,
            long failed,
            long calls,
            long unpricedCalls,
            long inputTokens,
            long cachedInputTokens,
            long outputTokens,
            double costUsd,
            double seconds,
            long placed) {}

    /** All stages of a job, in the order in which they began. */
    public List<Line> of(JobId job) {
        return new Question(database, "the stages of job " + job)
                .add("SELECT * FROM job_stages WHERE job_id = ? ORDER BY attempt, started_at, stage DESC", job.value())
                .list(StageListing::line);
    }

    public List<Arm> arms(ExperimentId experiment) {
        return new Question(database, "what the agents did")
                .add("""
                        SELECT s.stage, s.agent, s.model, count(*) AS stages, count(*) FILTER (WHERE outcome = 'SUCCEEDED') AS succeeded,
                            count(*) FILTER (WHERE outcome = 'FAILED') AS failed, sum(calls) AS calls, sum(unpriced_calls) AS unpriced,
                            sum(input_tokens) AS input, sum(cached_input_tokens) AS cached, sum(output_tokens) AS output,
                            sum(cost_usd) AS cost, coalesce(sum(date_part('epoch', ended_at - s.started_at)), 0) AS seconds,
                            count(*) FILTER (WHERE j.ingestion_cell_index IS NOT NULL AND j.ingestion_status_code > 0) AS placed
                        FROM job_stages s JOIN evolution_jobs j ON j.id = s.job_id
                        WHERE s.experiment_id = ? GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""", experiment.value())
                .list(rows -> new Arm(
                        rows.getString("stage"),
                        rows.getString("agent"),
                        rows.getString("model"),
                        rows.getLong("stages"),
                        rows.getLong("succeeded"),
                        rows.getLong("failed"),
                        rows.getLong("calls"),
                        rows.getLong("unpriced"),
                        rows.getLong("input"),
                        rows.getLong("cached"),
                        rows.getLong("output"),
                        rows.getDouble("cost"),
                        rows.getDouble("seconds"),
                        rows.getLong("placed")));
    }

    /** What was spent altogether, from the sums that are kept. */
    public Spending spent(ExperimentId experiment) {
        return new Question(database, "what was spent")
                .add("""
                        SELECT coalesce(sum(calls), 0), coalesce(sum(unpriced_calls), 0), coalesce(sum(input_tokens), 0),
                            coalesce(sum(cached_input_tokens), 0), coalesce(sum(output_tokens), 0), greatest(coalesce(sum(cost_usd), 0), 0)
                        FROM agent_sums WHERE experiment_id = ?""", experiment.value())
                .first(rows -> new Spending(
                        rows.getLong(1),
                        rows.getLong(2),
                        rows.getLong(3),
                        rows.getLong(4),
                        rows.getLong(5),
                        rows.getDouble(6)))
                .orElse(Spending.NONE);
    }

    private static Line line(ResultSet rows) throws SQLException {
        return new Line(
                new JobId(uuid(rows, "job_id")),
                rows.getInt("attempt"),
                rows.getString("stage"),
                rows.getString("worker"),
                rows.getString("agent"),
                rows.getString("model"),
                rows.getInt("calls"),
                rows.getInt("unpriced_calls"),
                rows.getLong("input_tokens"),
                rows.getLong("cached_input_tokens"),
                rows.getLong("output_tokens"),
                rows.getDouble("cost_usd"),
                rows.getString("outcome"),
                rows.getString("failure_kind"),
                rows.getString("message"),
                rows.getString("commit_hash"),
                rows.getString("artifacts"),
                instant(rows, "started_at"),
                instant(rows, "ended_at"));
    }
}
