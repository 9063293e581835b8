package io.loreley.cli;

import io.loreley.cli.display.EndReport;
import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.ExperimentStatus.Holdout;
import io.loreley.domain.ExperimentStatus.Score;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Metric;
import io.loreley.domain.RunEvent;
import io.loreley.domain.RunListener;
import io.loreley.embedding.Embedder;
import io.loreley.scheduler.Budget;
import io.loreley.scheduler.SchedulerLoop;
import io.loreley.store.ExperimentLock;
import io.loreley.store.Jobs;
import io.loreley.store.TakenOverException;
import io.loreley.store.Workers;
import io.loreley.worker.Janitor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of one experiment: scheduler and workers side by side in this process, until the budget is used up or somebody
 * stops it. It stops in this order: draw nothing, claim nothing, let jobs finish within the soft limit, end
 * the rest and give them back, offer what ended to the archive, publish the best.
 */
final class Run {

    private static final Logger LOG = LoggerFactory.getLogger(Run.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STAND_BY = Duration.ofSeconds(1);
    /** Without any worker, before nobody is waited for: one that the database was away from shows itself sooner. */
    private static final Duration DESERTED = Duration.ofSeconds(10);

    private final Wiring.Opened opened;
    private final Assembly parts;
    private final Embedder embedder;
    private final RunListener listener;
    private final Supplier<ExperimentStatus> status;
    private final Role role;
    private final Outage outage;
    private final Workers register;
    private volatile boolean stopping;

    Run(
            Wiring.Opened opened,
            Assembly parts,
            Embedder embedder,
            RunListener listener,
            Supplier<ExperimentStatus> status,
            Role role) {
        this.opened = opened;
        this.parts = parts;
        this.embedder = embedder;
        this.listener = listener;
        this.status = status;
        this.role = role;
        this.outage = new Outage(listener);
        this.register = new Workers(opened.database());
    }

    /** What a process does of a run. */
    enum Role {
        /** It schedules, and works. */
        BOTH,
        /** It schedules, or stands by until the one that schedules is gone. */
        SCHEDULER
    }

    /** Runs to the end, and says what there is to say of it. */
    EndReport run(Budget budget) throws InterruptedException {
        while (true) {
            try (ExperimentLock lock = lock();
                    Crew crew = role == Role.BOTH ? parts.startWorkers() : Crew.ELSEWHERE;
                    Janitor _ = parts.startJanitor()) {
                return schedule(budget, lock, crew);
            } catch (TakenOverException e) {
                if (role == Role.BOTH) {
                    throw e;
                }
                LOG.atWarn().setCause(e).log("lock.lost");
            }
        }
    }

    private EndReport schedule(Budget budget, ExperimentLock lock, Crew crew) throws InterruptedException {
        parts.sendProject(lock);
        SchedulerLoop loop = parts.loop(lock, embedder, crew::wake);
        crew.whenDrained(loop::stop);
        if (stopping) {
            loop.stop();
        }
        announce();
        SchedulerLoop.End end = loop.run(budget);
        listener.on(new RunEvent.Stopping(reason(end)));
        if (end == SchedulerLoop.End.TIME_UP) {
            finishRunning(crew);
        }
        crew.close();
        loop.ingestRest();
        parts.finishPublishing();
        return report(end);
    }

    /** Ends the run after what is at work has had a moment to finish. Any thread may call it. */
    void stop() {
        stopping = true;
        parts.stop();
    }

    private ExperimentLock lock() throws InterruptedException {
        boolean told = false;
        while (true) {
            Optional<ExperimentLock> lock = role == Role.BOTH ? tryAcquire() : outage.find(this::tryAcquire);
            if (lock.isPresent()) {
                return lock.get();
            }
            if (stopping) {
                throw new LoreleyException(
                        FailureKind.INTERRUPTED,
                        "asked to stop while another process schedules '%s'".formatted(opened.name()));
            }
            if (role == Role.BOTH) {
                throw new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "experiment '%s' is being run by another process on this database. Stop that one, or wait until it ends."
                                .formatted(opened.name()));
            }
            if (!told) {
                listener.on(new RunEvent.StandingBy(opened.name()));
                told = true;
            }
            Thread.sleep(STAND_BY);
        }
    }

    private Optional<ExperimentLock> tryAcquire() {
        return ExperimentLock.tryAcquire(opened.database(), opened.id(), parts.name());
    }

    private void announce() {
        long drawn = parts.jobs().nextDraw(opened.id());
        listener.on(new RunEvent.Started(
                opened.name(),
                opened.id().toString(),
                opened.source().describe(),
                opened.root().abbreviated(),
                opened.database().url().toString(),
                drawn > 0,
                drawn));
    }

    /** Time is up for drawing; what was paid for is finished, as long as there is a worker that may finish it. */
    private void finishRunning(Crew workers) throws InterruptedException {
        workers.pause();
        Jobs jobs = parts.jobs();
        Duration deserted = Duration.ZERO;
        while (!stopping && outage.ask(() -> jobs.running(opened.id()) > 0).orElse(true)) {
            boolean hasWorkers =
                    outage.ask(() -> register.areAlive(opened.id())).orElse(true);
            deserted = hasWorkers ? Duration.ZERO : deserted.plus(POLL);
            if (deserted.compareTo(DESERTED) >= 0) {
                listener.on(new RunEvent.Trouble("no worker is left; what was at work goes on when one is"));
                return;
            }
            Thread.sleep(POLL);
        }
    }

    /** What there is to say of the hold-out; null if the best passed it. */
    private static @Nullable String words(@Nullable Holdout holdout) {
        if (holdout == null) {
            return "the hold-out has not measured the best commit, so nothing is published; run again";
        }
        return holdout.isClean()
                ? null
                : "hold-out: %s%s"
                        .formatted(holdout.describe(), holdout.passed() == null ? ", so nothing is published" : "");
    }

    private EndReport report(SchedulerLoop.End end) {
        ExperimentStatus now = status.get();
        Score best = now.best();
        String branch = null;
        String where = opened.hub().folder().toString();
        String problem = null;
        Score exported = best;
        if (best != null && parts.hasHoldout()) {
            Holdout holdout = now.holdout();
            exported = holdout == null ? null : holdout.passed();
            problem = words(holdout);
        }
        if (exported != null) {
            branch = parts.bestBranch();
            try {
                where = parts.publishBest(exported.commit());
            } catch (LoreleyException e) {
                LOG.atWarn().setCause(e).log("publish.failed");
                problem = e.getMessage();
                branch = null;
            }
        }
        return new EndReport(
                now,
                reason(end),
                metrics(now.root()),
                metrics(best),
                branch,
                where,
                problem,
                opened.project().continuation());
    }

    private List<Measurement> metrics(@Nullable Score score) {
        return score == null
                ? List.of()
                : opened.experiments().card(opened.id(), score.commit()).metrics().stream()
                        .map(Metric::measurement)
                        .toList();
    }

    private static String reason(SchedulerLoop.End end) {
        return switch (end) {
            case JOBS_DONE -> "the jobs of the budget are done";
            case MONEY_SPENT -> "the money of the budget is spent";
            case TOKENS_SPENT -> "the tokens of the budget are used up";
            case TIME_UP -> "the time of the budget is up; jobs at work are finished";
            case STOPPED -> "asked to stop";
        };
    }
}
