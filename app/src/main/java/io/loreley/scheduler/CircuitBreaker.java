package io.loreley.scheduler;

import io.loreley.domain.EvolutionJob;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobStatus;
import io.loreley.store.Jobs;
import java.time.Instant;
import java.util.List;

/**
 * Stops a run whose jobs fail one after the other for a cause that the search cannot change: a program that does not
 * start, a repository that cannot be read, a full disk. A candidate that is bad is no such cause. Counts in the database,
 * from the start of the run, so that a mended cause is given its chance.
 */
public final class CircuitBreaker {

    /** More than chance brings, less than a budget. */
    private static final int FAILURES = 10;

    private final Jobs jobs;
    private final ExperimentId experiment;
    private final Instant since;

    public CircuitBreaker(Jobs jobs, ExperimentId experiment, Instant since) {
        this.jobs = jobs;
        this.experiment = experiment;
        this.since = since;
    }

    /**
     * Looks at the jobs that ended last.
     *
     * @throws SearchImpossibleException if all of them failed for one such cause
     */
    void check() {
        List<EvolutionJob> last = jobs.lastEnded(experiment, since, FAILURES);
        if (last.size() < FAILURES) {
            return;
        }
        FailureKind kind = last.getFirst().failureKind();
        if (kind != null && isOutOfReach(kind) && last.stream().allMatch(job -> failedBy(job, kind))) {
            throw SearchImpossibleException.afterFailures(
                    FAILURES, kind, last.getFirst().lastError());
        }
    }

    private static boolean failedBy(EvolutionJob job, FailureKind kind) {
        return job.status() == JobStatus.FAILED && job.failureKind() == kind;
    }

    private static boolean isOutOfReach(FailureKind kind) {
        return switch (kind) {
            case CONFIGURATION, GIT, DATABASE, STORAGE, AGENT_CRASH, AGENT_AUTH, WORKER_LOST, INTERNAL -> true;
            case AGENT_TIMEOUT,
                    AGENT_OUTPUT,
                    AGENT_RATE_LIMIT,
                    AGENT_UNAVAILABLE,
                    AGENT_BUDGET,
                    NO_CHANGE,
                    FORBIDDEN_CHANGE,
                    EVALUATOR_CRASH,
                    EVALUATOR_TIMEOUT,
                    EVALUATOR_OUTPUT,
                    OBJECTIVE_MISSING,
                    EMBEDDING,
                    INTERRUPTED -> false;
        };
    }
}
