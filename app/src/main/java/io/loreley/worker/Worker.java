package io.loreley.worker;

import io.loreley.domain.Attempt;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobId;
import io.loreley.domain.JobStatus;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.RunEvent;
import io.loreley.domain.RunListener;
import io.loreley.domain.StageOutcome;
import io.loreley.store.DatabaseUnavailableException;
import io.loreley.store.JobQueue;
import io.loreley.store.Jobs;
import io.loreley.store.Stages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The boundary around a job: claims it, runs the pipeline in a slot, and turns whatever happened into one recorded
 * state. Each write names the attempt; if another attempt has taken the job meanwhile, nothing is written.
 */
public final class Worker implements JobQueue.Consumer {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final String NO_CHANGE = "the agent ended well, and left every file as it was";

    private final String name;
    private final Jobs jobs;
    private final Stages stages;
    private final JobPipeline pipeline;
    private final Slots slots;
    private final Path artifacts;
    private final RunListener listener;
    private final Patience patience = new Patience();
    /** What this worker is busy with, whatever the database says of its heartbeats, and in which thread. */
    private final Map<Attempt, Thread> atWork = new ConcurrentHashMap<>();

    /**
     * @param name names this worker in the queue; at most 50 characters
     * @param artifacts the experiment's folder in the artifact store
     */
    public Worker(
            String name,
            Jobs jobs,
            Stages stages,
            JobPipeline pipeline,
            Slots slots,
            Path artifacts,
            RunListener listener) {
        this.name = name;
        this.jobs = jobs;
        this.stages = stages;
        this.pipeline = pipeline;
        this.slots = slots;
        this.artifacts = artifacts;
        this.listener = listener;
    }

    @Override
    public JobQueue.Handled handle(JobId id) {
        Optional<EvolutionJob> claimed = claim(id);
        if (claimed.isEmpty()) {
            return JobQueue.Handled.DONE;
        }
        Attempt attempt = new Attempt(id, claimed.get().attempt());
        atWork.put(attempt, Thread.currentThread());
        try {
            return work(claimed.get());
        } finally {
            atWork.remove(attempt);
        }
    }

    private JobQueue.Handled work(EvolutionJob job) {
        long started = System.nanoTime();
        try {
            JobOutcome outcome = run(job);
            Optional<Duration> pause = postponed(job, outcome);
            if (pause.isPresent()) {
                return new JobQueue.Handled.Returned(pause.get());
            }
            return record(job, outcome, Duration.ofNanos(System.nanoTime() - started));
        } catch (AttemptLostException e) {
            LOG.atWarn()
                    .addKeyValue("job", job.id())
                    .addKeyValue("attempt", job.attempt())
                    .log("job.taken-over");
            return takenAway(job);
        } catch (InterruptedException e) {
            patience.insist(() -> jobs.giveBack(job.id(), job.attempt()));
            listener.on(new RunEvent.JobReturned(job.id(), "the worker was told to stop"));
            return JobQueue.Handled.RETURNED;
        }
    }

    /** Sends a job back that failed for a passing cause, and answers for how long it is to wait. */
    private Optional<Duration> postponed(EvolutionJob job, JobOutcome outcome) {
        if (!(outcome instanceof JobOutcome.Failed(var kind, var message))) {
            return Optional.empty();
        }
        Optional<Duration> pause = BackOff.after(kind, job.retries(), paidInVain(job));
        if (pause.isEmpty()
                || !patience.insist(() -> jobs.postpone(job.id(), job.attempt(), kind, message, BackOff.LIMIT))) {
            return Optional.empty();
        }
        String why =
                "%s; it is tried again in %d s".formatted(message, pause.get().toSeconds());
        LOG.atInfo()
                .addKeyValue("job", job.id())
                .addKeyValue("kind", kind)
                .addKeyValue("retries", job.retries() + 1)
                .addKeyValue("pause_ms", pause.get().toMillis())
                .log("job.postponed");
        listener.on(new RunEvent.JobReturned(job.id(), why));
        return pause;
    }

    private long paidInVain(EvolutionJob job) {
        return patience.insist(() -> stages.of(job.id())).stream()
                .filter(stage -> stage.outcome() == StageOutcome.FAILED)
                .filter(stage -> stage.unpricedCalls() > 0 || stage.costUsd() > 0)
                .count();
    }

    /** A job that was sent back to the queue by an order needs its entry, which this worker holds. */
    private JobQueue.Handled takenAway(EvolutionJob job) {
        boolean waits = patience.insist(() -> jobs.find(job.id()))
                .filter(found -> found.status() == JobStatus.QUEUED)
                .isPresent();
        return waits ? JobQueue.Handled.RETURNED : JobQueue.Handled.DONE;
    }

    @Override
    public boolean lost(JobId job, JobQueue.Entry entry) {
        if (entry.holder().equals(name)
                && atWork.keySet().stream().anyMatch(attempt -> attempt.job().equals(job))) {
            return false;
        }
        LOG.atWarn()
                .addKeyValue("job", job)
                .addKeyValue("holder", entry.holder())
                .log("job.lost");
        jobs.lost(job, entry);
        return true;
    }

    /** What is being worked on, and in which thread. */
    Map<Attempt, Thread> atWork() {
        return Map.copyOf(atWork);
    }

    /** Holding the queue's entry, we know that a job which still says RUNNING lost its worker. */
    private Optional<EvolutionJob> claim(JobId id) {
        Optional<EvolutionJob> claimed = jobs.claim(id, name, "prepare");
        if (claimed.isPresent()) {
            return claimed;
        }
        Optional<String> dead = jobs.find(id)
                .filter(job -> job.status() == JobStatus.RUNNING)
                .flatMap(job -> Optional.ofNullable(job.worker()));
        if (dead.isEmpty()) {
            return claimed;
        }
        LOG.atWarn().addKeyValue("job", id).addKeyValue("holder", dead.get()).log("job.lost");
        jobs.lost(id, dead.get());
        return jobs.claim(id, name, "prepare");
    }

    private JobOutcome run(EvolutionJob job) throws InterruptedException {
        Slot slot = slots.take();
        try {
            Assignment work = new Assignment(job, slot, scratch(job));
            listener.on(new RunEvent.JobStarted(job.id(), job.kind(), job.attempt(), work.base()));
            String kept = "%s/%s".formatted(artifacts.getFileName(), artifacts.relativize(work.scratch()));
            return pipeline.run(work, new StageLedger(stages, job, name, kept, listener));
        } catch (RuntimeException e) {
            return failed(job, e);
        } catch (OutOfMemoryError | StackOverflowError e) {
            // The job may be the cause. Left to another worker, it would be paid again and take that one's memory, too.
            LOG.atError().addKeyValue("job", job.id()).setCause(e).log("job.exceeded-memory");
            return new JobOutcome.Failed(FailureKind.INTERNAL, exceeded(e));
        } finally {
            slots.giveBack(slot);
        }
    }

    private static String exceeded(VirtualMachineError cause) {
        return "Loreley had too little memory for this job: %s. It is not tried again; give Loreley more, for example by JAVA_TOOL_OPTIONS=-Xmx2g, or fewer jobs at a time by --workers."
                .formatted(cause);
    }

    /** What became of a job that ended in an exception. */
    private static JobOutcome failed(EvolutionJob job, RuntimeException cause) throws InterruptedException {
        return switch (cause) {
            // Not the job's fault, and nothing could be recorded: the queue's entry stays.
            case AttemptLostException lost -> throw lost;
            case DatabaseUnavailableException away -> throw away;
            case LoreleyException stopped
            when stopped.kind() == FailureKind.INTERRUPTED -> {
                // The exception says it from here on: whoever returns the queue's entry needs its connection.
                Thread.interrupted();
                throw (InterruptedException) new InterruptedException(stopped.getMessage()).initCause(stopped);
            }
            case LoreleyException known -> {
                LOG.atInfo()
                        .addKeyValue("job", job.id())
                        .addKeyValue("kind", known.kind())
                        .setCause(known)
                        .log("job.failed");
                yield new JobOutcome.Failed(known.kind(), String.valueOf(known.getMessage()));
            }
            default -> {
                LOG.atError().addKeyValue("job", job.id()).setCause(cause).log("job.failed-by-bug");
                yield new JobOutcome.Failed(FailureKind.INTERNAL, cause.toString());
            }
        };
    }

    private JobQueue.Handled record(EvolutionJob job, JobOutcome reached, Duration elapsed)
            throws InterruptedException {
        JobOutcome outcome = reached;
        boolean held;
        try {
            held = written(job, outcome);
        } catch (RuntimeException e) {
            // The database refuses it, and would again.
            outcome = failed(job, e);
            held = written(job, outcome);
        }
        if (!held) {
            LOG.atWarn()
                    .addKeyValue("job", job.id())
                    .addKeyValue("attempt", job.attempt())
                    .log("job.taken-over");
            return takenAway(job);
        }
        listener.on(ended(job, outcome, elapsed));
        return JobQueue.Handled.ENDED;
    }

    private static RunEvent ended(EvolutionJob job, JobOutcome outcome, Duration elapsed) {
        return switch (outcome) {
            case JobOutcome.Evolved(var result, var objective) ->
                new RunEvent.JobSucceeded(
                        job.id(),
                        result.card().commit(),
                        objective,
                        result.card().text().subject(),
                        elapsed);
            case JobOutcome.Rejected(var result, var verdict) ->
                new RunEvent.JobRejected(
                        job.id(),
                        result.card().commit(),
                        verdict,
                        result.card().text().subject(),
                        elapsed);
            case JobOutcome.Remeasured(var commit, var ignored, var objective) ->
                new RunEvent.JobSucceeded(job.id(), commit, objective, "measured again", elapsed);
            case JobOutcome.HeldOut(var commit, var ignored) -> new RunEvent.JobHeldOut(job.id(), commit, elapsed);
            case JobOutcome.Unchanged() -> new RunEvent.JobFailed(job.id(), FailureKind.NO_CHANGE, NO_CHANGE, elapsed);
            case JobOutcome.Failed(var kind, var message) -> new RunEvent.JobFailed(job.id(), kind, message, elapsed);
        };
    }

    /** Whether the attempt still held the job. */
    private boolean written(EvolutionJob job, JobOutcome outcome) {
        return switch (outcome) {
            case JobOutcome.Evolved(var result, var ignored) ->
                patience.insist(() -> jobs.succeed(job.id(), job.attempt(), result));
            case JobOutcome.Rejected(var result, var ignored) ->
                patience.insist(() -> jobs.succeed(job.id(), job.attempt(), result));
            case JobOutcome.Remeasured(var commit, var metrics, var ignored) ->
                patience.insist(() -> jobs.remeasure(job.id(), job.attempt(), commit, metrics));
            case JobOutcome.HeldOut(var commit, var reason) ->
                patience.insist(() -> jobs.holdOut(job.id(), job.attempt(), commit, reason));
            case JobOutcome.Unchanged() -> fail(job, FailureKind.NO_CHANGE, NO_CHANGE);
            case JobOutcome.Failed(var kind, var message) -> fail(job, kind, message);
        };
    }

    private boolean fail(EvolutionJob job, FailureKind kind, String message) {
        return patience.insist(() -> jobs.fail(job.id(), job.attempt(), kind, message));
    }

    private Path scratch(EvolutionJob job) {
        Path scratch = artifacts.resolve(job.id().toString()).resolve("attempt-" + job.attempt());
        try {
            return Files.createDirectories(scratch);
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot create the artifact folder " + scratch, e);
        }
    }
}
