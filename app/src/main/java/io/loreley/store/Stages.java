package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobId;
import io.loreley.domain.JobStage;
import io.loreley.domain.JobStatus;
import io.loreley.domain.Spending;
import io.loreley.domain.StageName;
import io.loreley.domain.StageOutcome;
import io.loreley.domain.Usage;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;

/**
 * What the attempts of a job did, stage by stage. A stage that succeeded is recorded with its result the moment it ends,
 * so that the next attempt goes on from there. Writes of an attempt that no longer holds its job answer false and change
 * nothing, but for what it spent: that was spent whoever holds the job. Safe for many threads.
 */
public final class Stages {

    private final Database database;
    private final InstantSource clock;
    private final UnaryOperator<Usage> pricing;

    /** Without prices: what a call cost is what its provider said, or unknown. */
    public Stages(Database database, InstantSource clock) {
        this(database, clock, UnaryOperator.identity());
    }

    /** @param pricing gives a usage its cost where the price is known */
    public Stages(Database database, InstantSource clock, UnaryOperator<Usage> pricing) {
        this.database = database;
        this.clock = clock;
        this.pricing = pricing;
    }

    /**
     * Notes that a claimed job's attempt begins a stage, in the job's row too.
     *
     * @param agent which of the configured agents runs it, if one does
     * @param artifacts the folder of its files, relative to the artifact store
     */
    public boolean begin(
            EvolutionJob job, StageName stage, String worker, @Nullable String agent, @Nullable String artifacts) {
        return database.transaction(session -> {
            boolean held = new JobUpdates(session).stage(job.id().value(), job.attempt(), stage.word());
            if (held) {
                // An upsert: the answer to the first try may have been lost with the connection.
                session.upsert(new JobStage(job, stage, worker, agent, artifacts, clock.instant()));
            }
            return held;
        });
    }

    /**
     * Writes what the stage used in place of what was written before.
     *
     * @param calls all of them so far
     */
    public void spent(JobId job, int attempt, StageName stage, List<Usage> calls) {
        Spending sum = calls.stream().map(pricing).map(Spending::of).reduce(Spending.NONE, Spending::plus);
        String model = calls.reversed().stream()
                .flatMap(call -> Stream.ofNullable(call.model()))
                .findFirst()
                .orElse(null);
        database.transaction(session -> session.createNativeMutationQuery("""
                        UPDATE job_stages SET calls = :calls, unpriced_calls = :unpriced, model = :model, cost_usd = :cost,
                            input_tokens = :input, cached_input_tokens = :cached, output_tokens = :output
                        WHERE job_id = :job AND attempt = :attempt AND stage = :stage""")
                .setParameter("calls", sum.calls())
                .setParameter("unpriced", sum.unpricedCalls())
                .setParameter("model", model, String.class)
                .setParameter("cost", sum.costUsd())
                .setParameter("input", sum.inputTokens())
                .setParameter("cached", sum.cachedInputTokens())
                .setParameter("output", sum.outputTokens())
                .setParameter("job", job.value())
                .setParameter("attempt", attempt)
                .setParameter("stage", stage.name())
                .executeUpdate());
    }

    /**
     * Records the result of a stage.
     *
     * @param result JSON values, from which the next attempt can go on
     * @param commit the one that a coding stage left, or an evaluation measured
     */
    public boolean succeed(
            JobId job, int attempt, StageName stage, Map<String, ?> result, @Nullable CommitHash commit) {
        // The job's row is locked meanwhile, so that nobody takes it over between question and answer.
        return database.transaction(session -> session.createNativeMutationQuery("""
                                UPDATE job_stages SET outcome = 'SUCCEEDED', result = cast(:result AS jsonb),
                                    commit_hash = :commit, ended_at = :now
                                FROM (SELECT id FROM evolution_jobs
                                      WHERE id = :job AND status = 'RUNNING' AND attempt = :attempt FOR NO KEY UPDATE) held
                                WHERE job_id = held.id AND job_stages.attempt = :attempt AND job_stages.stage = :stage""")
                        .setParameter("result", JsonText.of(result))
                        .setParameter("commit", commit == null ? null : commit.value(), String.class)
                        .setParameter("now", clock.instant().atOffset(ZoneOffset.UTC))
                        .setParameter("job", job.value())
                        .setParameter("attempt", attempt)
                        .setParameter("stage", stage.name())
                        .executeUpdate()
                == 1);
    }

    /** Records why a stage failed. */
    public boolean fail(JobId job, int attempt, StageName stage, FailureKind kind, String message) {
        return end(job, attempt, stage, StageOutcome.FAILED, kind, Jobs.storable(message));
    }

    /** Records that a stage was not brought to its end. */
    public boolean interrupt(JobId job, int attempt, StageName stage) {
        return end(job, attempt, stage, StageOutcome.INTERRUPTED, null, null);
    }

    private boolean end(
            JobId job,
            int attempt,
            StageName stage,
            StageOutcome outcome,
            @Nullable FailureKind kind,
            @Nullable String message) {
        return database.transaction(session -> stages(session)
                        .end(job.value(), attempt, stage, outcome, kind, message, JobStatus.RUNNING, clock.instant())
                == 1);
    }

    /** The stages that any attempt brought to a good end; the last of each. */
    public Map<StageName, JobStage> finished(JobId job) {
        return database.read(session -> {
            Map<StageName, JobStage> finished = new EnumMap<>(StageName.class);
            stages(session)
                    .finished(job.value(), StageOutcome.SUCCEEDED)
                    .forEach(stage -> finished.put(stage.stage(), stage));
            return finished;
        });
    }

    /**
     * Those of some jobs whose candidates may still be gone on from: by themselves if they are open, by a job that was queued
     * again of them, or, if they failed or were cancelled after their coding, by one that may still be.
     *
     * @param endedAfter what ended before is given up
     */
    public Set<JobId> needed(Collection<JobId> some, Instant endedAfter) {
        return Set.copyOf(Sql.ask(
                database,
                connection -> Sql.rows(
                        connection,
                        row -> new JobId(row.getObject(1, UUID.class)),
                        """
                        WITH RECURSIVE again (origin, id) AS (
                            SELECT id, id FROM evolution_jobs WHERE id = ANY (?)
                            UNION SELECT origin, j.id FROM again JOIN evolution_jobs j ON j.requeue_of = again.id)
                        SELECT DISTINCT origin FROM again JOIN evolution_jobs job USING (id)
                        WHERE completed_at IS NULL
                           OR status IN ('FAILED', 'CANCELLED') AND completed_at > ?
                              AND EXISTS (SELECT FROM job_stages WHERE job_id = job.id AND stage = 'CODE'
                                  AND outcome = 'SUCCEEDED' AND commit_hash IS NOT NULL)
                              AND NOT EXISTS (SELECT FROM evolution_jobs next WHERE next.requeue_of = job.id)""",
                        some.stream().map(JobId::value).toArray(UUID[]::new),
                        endedAfter.atOffset(ZoneOffset.UTC))));
    }

    /** Everything that was begun for a job, in order. */
    public List<JobStage> of(JobId job) {
        return database.read(session -> stages(session).of(job.value()));
    }

    private static StageQueries stages(StatelessSession session) {
        return new StageQueries_(session);
    }
}
