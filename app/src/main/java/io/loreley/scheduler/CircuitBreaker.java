package io.loreley.scheduler;

import io.loreley.domain.EvolutionJob;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobStatus;
import io.loreley.domain.RunEvent;
import io.loreley.domain.RunListener;
import io.loreley.store.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops drawing when jobs fail one after the other for a cause that the search cannot change. A candidate that is bad is
 * no such cause.
 *
 * <p>A cause that stays, such as a program that does not start or a key that is refused, ends the run; only jobs of this
 * run count, so that a mended cause is given its chance. A cause that passes, a provider that is overloaded or away,
 * pauses it: while several jobs that were sent back for it have not ended, no others are drawn. When they have failed for
 * good, no jobs are drawn for a while, then a single one; as long as that fails too, the pause doubles. All of it follows
 * from the jobs in the database, so that a restarted run waits as long as the one before would have. For one thread.
 */
public final class CircuitBreaker {

    private static final Logger LOG = LoggerFactory.getLogger(CircuitBreaker.class);

    /** More than chance brings, less than a budget. */
    private static final int FAILURES = 10;
    /** A key that was refused three times is not accepted the fourth time. */
    private static final int REFUSALS = 3;
    /** Jobs in a row that fail at the provider before drawing is paused. */
    private static final int PROVIDER_FAILURES = 3;
    /** Ended jobs that are looked at: the pause no longer grows with more. */
    private static final int MEMORY = 64;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(15);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private final Jobs jobs;
    private final ExperimentId experiment;
    private final InstantSource clock;
    private final Instant since;
    private final RunListener listener;
    private @Nullable Pause told;

    /** Made when the run begins. */
    public CircuitBreaker(Jobs jobs, ExperimentId experiment, InstantSource clock, RunListener listener) {
        this.jobs = jobs;
        this.experiment = experiment;
        this.clock = clock;
        this.since = clock.instant();
        this.listener = listener;
    }

    /**
     * How many of the wanted jobs may be drawn.
     *
     * @param open the jobs that have not ended
     * @throws SearchImpossibleException if the jobs that ended last all failed for one cause that stays
     */
    int room(int wanted, List<EvolutionJob> open) {
        List<Jobs.Ending> ended = jobs.lastEndings(experiment, MEMORY).stream()
                .filter(job -> job.status() != JobStatus.CANCELLED)
                .toList();
        // A commit that is measured again says nothing on agents, however well it goes.
        List<Jobs.Ending> byAgents =
                ended.stream().filter(job -> asksAgent(job.kind())).toList();
        endIfHopeless(ended);
        endIfHopeless(byAgents);
        Optional<EvolutionJob> waiting = waiting(open);
        if (waiting.isPresent()) {
            tell(new Pause(
                    Objects.requireNonNull(waiting.get().failureKind()),
                    String.valueOf(waiting.get().lastError()),
                    null));
            return 0;
        }
        Optional<Pause> pause = pause(byAgents);
        if (pause.isEmpty()) {
            told = null;
            return wanted;
        }
        Instant until = pause.get().until();
        if (until != null && clock.instant().isBefore(until)) {
            tell(pause.get());
            return 0;
        }
        return open.isEmpty() ? Math.min(1, wanted) : 0;
    }

    /**
     * A job that was sent back to the queue and waits to be tried again, if several were and have not ended since: they find
     * out by themselves whether the cause has passed. The full disk of one machine is no cause to keep the others waiting.
     */
    private static Optional<EvolutionJob> waiting(List<EvolutionJob> open) {
        List<EvolutionJob> sentBack = open.stream()
                .filter(job -> job.retries() > 0 && job.failureKind() != FailureKind.STORAGE)
                .toList();
        return sentBack.size() < PROVIDER_FAILURES
                ? Optional.empty()
                : sentBack.stream().filter(job -> job.failureKind() != null).findFirst();
    }

    private void endIfHopeless(List<Jobs.Ending> ended) {
        List<Jobs.Ending> last =
                ended.stream().takeWhile(job -> !job.endedAt().isBefore(since)).toList();
        FailureKind kind = last.isEmpty() ? null : last.getFirst().failure();
        if (kind == null || !isOutOfReach(kind)) {
            return;
        }
        int enough = kind == FailureKind.AGENT_AUTH ? REFUSALS : FAILURES;
        if (last.size() >= enough && last.stream().limit(enough).allMatch(job -> failedBy(job, kind))) {
            throw SearchImpossibleException.afterFailures(
                    enough, kind, last.getFirst().error());
        }
    }

    /** @param ended the jobs of agents that ended last, youngest first */
    private static Optional<Pause> pause(List<Jobs.Ending> ended) {
        List<Jobs.Ending> streak =
                ended.stream().takeWhile(CircuitBreaker::failedAtProvider).toList();
        if (streak.size() < PROVIDER_FAILURES) {
            return Optional.empty();
        }
        Jobs.Ending last = streak.getFirst();
        Instant opened = streak.get(streak.size() - PROVIDER_FAILURES).endedAt();
        long probes = streak.stream()
                .filter(job -> job.drawnAt() != null && job.drawnAt().isAfter(opened))
                .count();
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(probes, 10));
        Duration pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        return Optional.of(new Pause(
                Objects.requireNonNull(last.failure()),
                String.valueOf(last.error()),
                last.endedAt().plus(pause)));
    }

    private void tell(Pause pause) {
        if (told == null || !Objects.equals(pause.until(), told.until())) {
            told = pause;
            LOG.atWarn()
                    .addKeyValue("kind", pause.kind())
                    .addKeyValue("until", pause.until())
                    .log("draw.paused");
            listener.on(new RunEvent.DrawingPaused(pause.kind(), pause.reason(), pause.until()));
        }
    }

    private static boolean asksAgent(JobKind kind) {
        return kind == JobKind.SEED || kind == JobKind.EVOLVE;
    }

    private static boolean failedBy(Jobs.Ending job, FailureKind kind) {
        return job.status() == JobStatus.FAILED && job.failure() == kind;
    }

    private static boolean failedAtProvider(Jobs.Ending job) {
        return failedBy(job, FailureKind.AGENT_RATE_LIMIT) || failedBy(job, FailureKind.AGENT_UNAVAILABLE);
    }

    /** A remote that machines share, or a full disk, is given up in the end; a provider is waited for. */
    private static boolean isOutOfReach(FailureKind kind) {
        return kind.origin() == FailureKind.Origin.SURROUNDINGS
                || kind == FailureKind.REMOTE
                || kind == FailureKind.STORAGE;
    }

    /** No jobs until a moment, or until jobs that were sent back have ended; and why. */
    record Pause(FailureKind kind, String reason, @Nullable Instant until) {}
}
