package io.loreley.worker;

import io.loreley.agent.Meter;
import io.loreley.domain.CommitHash;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobStage;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.RunEvent;
import io.loreley.domain.RunListener;
import io.loreley.domain.StageName;
import io.loreley.store.DatabaseUnavailableException;
import io.loreley.store.Stages;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stages of one attempt. A stage that an earlier attempt finished is not run again: its result is read. Any other is
 * run, and what it brought, spent or failed of is recorded before anything is built on it. For one thread.
 */
final class StageLedger {

    private final Stages stages;
    private final EvolutionJob job;
    private final String worker;
    private final String artifacts;
    private final RunListener listener;
    private final Patience patience = new Patience();
    private final Map<StageName, JobStage> finished;
    /** Those of the finished whose result was read. */
    private final Map<StageName, JobStage> resumed = new EnumMap<>(StageName.class);

    /** @param artifacts the attempt's folder, relative to the artifact store */
    StageLedger(Stages stages, EvolutionJob job, String worker, String artifacts, RunListener listener) {
        this.stages = stages;
        this.job = job;
        this.worker = worker;
        this.artifacts = artifacts;
        this.listener = listener;
        this.finished = job.attempt() > 1 ? patience.insist(() -> stages.finished(job.id())) : Map.of();
    }

    /** What a stage does, told whom to tell what it spends. */
    interface Work<T> {
        Entry<T> run(Meter meter) throws InterruptedException;
    }

    /**
     * What a stage brought.
     *
     * @param json as it is stored, for the next attempt
     * @param commit the commit that a coding stage left, or an evaluation measured
     */
    record Entry<T>(T result, Map<String, ?> json, @Nullable CommitHash commit) {}

    /**
     * Brings a stage to its end, unless an earlier attempt did.
     *
     * @param agent which of the configured agents works on it, if one does
     * @param resume makes the result of what an earlier attempt recorded; empty if that is of no use here
     * @throws AttemptLostException if the job was taken away meanwhile
     */
    <T> T stage(StageName stage, @Nullable String agent, Function<JobStage, Optional<T>> resume, Work<T> work)
            throws InterruptedException {
        Optional<T> earlier = Optional.ofNullable(finished.get(stage)).flatMap(resume);
        if (earlier.isPresent()) {
            resumed.put(stage, Objects.requireNonNull(finished.get(stage)));
            return earlier.get();
        }
        held(() -> stages.begin(job, stage, worker, agent, artifacts));
        listener.on(new RunEvent.StageEntered(job.id(), stage.word()));
        try {
            Entry<T> entry = metered(stage, work);
            held(() -> stages.succeed(job.id(), job.attempt(), stage, entry.json(), entry.commit()));
            return entry.result();
        } catch (DatabaseUnavailableException e) {
            throw e; // nothing can be recorded
        } catch (LoreleyException e) {
            held(() -> e.kind() == FailureKind.INTERRUPTED
                    ? stages.interrupt(job.id(), job.attempt(), stage)
                    : stages.fail(job.id(), job.attempt(), stage, e.kind(), String.valueOf(e.getMessage())));
            throw e;
        } catch (InterruptedException e) {
            held(() -> stages.interrupt(job.id(), job.attempt(), stage));
            throw e;
        }
    }

    /**
     * Where the files of a stage are, relative to the artifact store: in the folder of the attempt that brought it to its
     * end, or else in this one's. Absent if that attempt's files are gone.
     */
    Optional<String> folder(StageName stage) {
        JobStage earlier = resumed.get(stage);
        return earlier == null ? Optional.of(artifacts) : Optional.ofNullable(earlier.artifacts());
    }

    private <T> Entry<T> metered(StageName stage, Work<T> work) throws InterruptedException {
        try (RunningTab tab = new RunningTab(calls -> patience.insist(() -> {
            stages.spent(job.id(), job.attempt(), stage, calls);
            return true;
        }))) {
            return work.run(tab);
        }
    }

    /** Each of these writes can be repeated, so that one which was cut off is asked again and answered as before. */
    private void held(BooleanSupplier write) {
        if (!patience.insist(write::getAsBoolean)) {
            throw new AttemptLostException(job.id(), job.attempt());
        }
    }
}
