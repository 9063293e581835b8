package io.loreley.scheduler;

import io.loreley.domain.CommitHash;
import io.loreley.domain.CommitMark;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.store.DatabaseUnavailableException;
import io.loreley.store.ExperimentLock;
import io.loreley.store.Jobs;
import io.loreley.store.TakenOverException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The heart of the search, one tick after another on one thread: ingest → seed → draw → dispatch → finish. The tick is a
 * boundary: its failure is logged once, what is held in memory is read again, and the next tick tries anew.
 */
public final class SchedulerLoop {

    private static final Logger LOG = LoggerFactory.getLogger(SchedulerLoop.class);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(2);
    /** A failure that outlasts so many ticks is not passing; the run ends with its message. */
    private static final int FAILURES_BEFORE_GIVING_UP = 5;
    /** A database, an endpoint or a Git remote that is away may come back within ten minutes of ticks. */
    private static final int OUTAGE_BEFORE_GIVING_UP = 300;

    private final ExperimentLock lock;
    private final IngestJobs ingest;
    private final DrawJobs draw;
    private final Jobs jobs;
    private final Islands islands;
    private final CircuitBreaker breaker;
    private final Surroundings surroundings;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile boolean stopped;

    public SchedulerLoop(
            ExperimentLock lock,
            IngestJobs ingest,
            DrawJobs draw,
            Jobs jobs,
            Islands islands,
            CircuitBreaker breaker,
            Surroundings surroundings) {
        this.lock = lock;
        this.ingest = ingest;
        this.draw = draw;
        this.jobs = jobs;
        this.islands = islands;
        this.breaker = breaker;
        this.surroundings = surroundings;
    }

    /** Why the loop ended. */
    public enum End {
        /** The jobs of the budget were drawn, ended and ingested. */
        JOBS_DONE,
        /** Another job would exceed the money of the budget; all are ingested. */
        MONEY_SPENT,
        /** Another job would exceed the tokens of the budget; all are ingested. */
        TOKENS_SPENT,
        /** The time of the budget is up; jobs may be at work or waiting. */
        TIME_UP,
        /** {@link #stop} was called. */
        STOPPED
    }

    /**
     * Ticks until the budget is used up or {@link #stop} is called.
     *
     * @throws LoreleyException if the root cannot be evaluated, the lock is lost, or ticks keep failing
     */
    public End run(Budget budget) throws InterruptedException {
        int failures = 0;
        int outages = 0;
        while (!stopped) {
            try {
                if (failures + outages > 0) {
                    surroundings.recovery().run();
                    lock.renew();
                }
                Tick tick = tick(budget);
                failures = 0;
                outages = 0;
                Optional<Budget.Limit> exhausted = tick.isIdle() ? budget.exhausted(draw.drawn()) : Optional.empty();
                if (exhausted.isPresent()) {
                    return end(exhausted.get());
                }
                if (budget.timeIsUp() && !tick.holdsOut()) {
                    return End.TIME_UP;
                }
                if (!tick.leavesMore()) {
                    sleep(POLL);
                }
            } catch (SearchImpossibleException | TakenOverException e) {
                throw e;
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("tick.failed");
                islands.forget();
                if (isOutage(e) ? ++outages >= OUTAGE_BEFORE_GIVING_UP : ++failures >= FAILURES_BEFORE_GIVING_UP) {
                    throw e;
                }
                sleep(PAUSE_AFTER_FAILURE);
            }
        }
        return End.STOPPED;
    }

    private static End end(Budget.Limit exhausted) {
        return switch (exhausted) {
            case JOBS -> End.JOBS_DONE;
            case MONEY -> End.MONEY_SPENT;
            case TOKENS -> End.TOKENS_SPENT;
        };
    }

    /** Whether the cause lies elsewhere, and may pass. */
    static boolean isOutage(RuntimeException failure) {
        return failure instanceof DatabaseUnavailableException
                || (failure instanceof LoreleyException known
                        && (known.kind() == FailureKind.ENDPOINT || known.kind() == FailureKind.REMOTE));
    }

    /** Offers to the archive whatever ended while the run was stopping. */
    public void ingestRest() {
        while (ingest.run() > 0) {
            lock.verify();
        }
    }

    /** Ticks now rather than at the next poll. Any thread may call it. */
    public void wake() {
        wakeUps.release();
    }

    /** Ends the loop after the tick at work. Any thread may call it. */
    public void stop() {
        stopped = true;
        wake();
    }

    /** One turn of the loop. */
    Tick tick(Budget budget) {
        lock.verify();
        islands.heed(surroundings.marks().get());
        int ingested = ingest.run();
        List<EvolutionJob> open = jobs.open(islands.experiment());
        // Asked only if nothing else says that the run is not over.
        long waiting = ingested == 0 && open.isEmpty() ? ingest.waiting() : 0;
        if (surroundings.isPaused().getAsBoolean()) {
            return new Tick(ingested, 0, open.size(), waiting, false);
        }
        int unfinished = surroundings.unfinished().getAsInt();
        int drawn = isRefilling(ingested, unfinished) ? 0 : draw(budget, unfinished, open);
        int dispatched = jobs.dispatch(islands.experiment(), unfinished);
        if (dispatched > 0) {
            surroundings.onDispatch().run();
        }
        // When time is up, nothing is drawn but for the hold-out; without a worker nobody would answer.
        boolean holdsOut = unfinished > 0 && (DrawJobs.isHeldOut(open) || drawn > 0);
        return new Tick(ingested, drawn, open.size(), waiting, holdsOut);
    }

    /**
     * Whether so much waits for the archive that it cannot have ended just now: it is offered again, and nothing is drawn from
     * the part of the archive that is there so far.
     */
    private boolean isRefilling(int ingested, int unfinished) {
        return ingested == IngestJobs.BATCH && ingest.waiting() > unfinished;
    }

    private int draw(Budget budget, int unfinished, List<EvolutionJob> open) {
        long before = draw.drawn();
        long wanted = Math.min(Math.max(0, unfinished - open.size()), budget.affordable(before, open.size()));
        return draw.run(before, breaker.room((int) wanted, open), open, budget);
    }

    private void sleep(Duration atMost) throws InterruptedException {
        if (wakeUps.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            wakeUps.drainPermits();
        }
    }

    /**
     * What one tick did, and what it saw.
     *
     * @param waiting successes that the archive has not answered, if no commit was offered and no job is open
     * @param holdsOut whether the hold-out is, or may be, at work: its word is waited for
     */
    record Tick(int ingested, int drawn, int open, long waiting, boolean holdsOut) {

        boolean isIdle() {
            return ingested == 0 && drawn == 0 && open == 0 && waiting == 0;
        }

        /** Whether there is something to do before a job ends, which wakes the loop: commits to offer, or a run to end. */
        boolean leavesMore() {
            return ingested == IngestJobs.BATCH || (ingested > 0 && drawn == 0 && open == 0);
        }
    }

    /**
     * What the process around the loop gives it.
     *
     * @param unfinished how many jobs may be unfinished at once
     * @param isPaused whether somebody wants nothing new to be drawn
     * @param marks what people said of commits
     * @param onDispatch tells workers in this process that the queue has entries
     * @param recovery mends what this process can mend after a failed tick: a database server of its own
     */
    public record Surroundings(
            IntSupplier unfinished,
            BooleanSupplier isPaused,
            Supplier<Map<CommitHash, CommitMark>> marks,
            Runnable onDispatch,
            Runnable recovery) {}
}
