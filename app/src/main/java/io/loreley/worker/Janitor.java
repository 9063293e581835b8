package io.loreley.worker;

import io.loreley.domain.EvolutionJob;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobId;
import io.loreley.domain.LoreleyException;
import io.loreley.git.Hub;
import io.loreley.git.Remote;
import io.loreley.store.Jobs;
import io.loreley.store.Stages;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what jobs left that have ended: candidates in quarantine that were never recorded, here and in the remote, and
 * work trees that nobody has used for a week. Recorded commits have refs of another name, and an open job's candidate
 * stays. Tidies the hub as well. At once, and then every ten minutes until it is closed. Any number of processes may do so side by side.
 */
public final class Janitor implements Runnable, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Janitor.class);

    private static final Duration PERIOD = Duration.ofMinutes(10);
    /** A warm work tree saves seconds; after so long it is more likely in the way. */
    private static final Duration UNUSED = Duration.ofDays(7);

    private final ExperimentId experiment;
    private final Hub hub;
    private final @Nullable Remote remote;
    private final Jobs jobs;
    private final Stages stages;
    private final Path workTrees;
    private final InstantSource clock;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** @param workTrees those of all experiments on this machine */
    public Janitor(
            ExperimentId experiment,
            Hub hub,
            @Nullable Remote remote,
            Jobs jobs,
            Stages stages,
            Path workTrees,
            InstantSource clock) {
        this.experiment = experiment;
        this.hub = hub;
        this.remote = remote;
        this.jobs = jobs;
        this.stages = stages;
        this.workTrees = workTrees;
        this.clock = clock;
    }

    /** How much one round took away. */
    record Swept(int refs, int remoteRefs, int workTrees) {}

    @Override
    public void run() {
        try {
            do {
                round();
            } while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A round that fails is not worth a run; the next may not. */
    private void round() {
        try {
            Swept swept = sweep();
            LOG.atInfo()
                    .addKeyValue("experiment", experiment)
                    .addKeyValue("refs", swept.refs())
                    .addKeyValue("remote_refs", swept.remoteRefs())
                    .addKeyValue("work_trees", swept.workTrees())
                    .log("janitor.swept");
        } catch (LoreleyException e) {
            LOG.atWarn().setCause(e).log("janitor.failed");
        }
    }

    Swept sweep() {
        String quarantine = CandidateRefs.quarantine(experiment);
        // Refs first: a job that is drawn afterwards has none among them.
        List<String> here = hub.refs(quarantine);
        List<String> there = remote == null ? List.of() : remote.refs(List.of(quarantine + "/*"));
        Set<JobId> open =
                jobs.open(experiment).stream().map(EvolutionJob::id).collect(Collectors.toCollection(HashSet::new));
        open.addAll(stages.neededByOpenJobs(experiment));
        List<String> endedHere = ended(here, open);
        List<String> endedThere = ended(there, open);
        hub.drop(endedHere);
        if (remote != null) {
            remote.delete(endedThere);
        }
        int unused = Slots.removeUnused(workTrees, clock.instant().minus(UNUSED));
        hub.tidy(clock.instant().minus(UNUSED));
        return new Swept(endedHere.size(), endedThere.size(), unused);
    }

    private static List<String> ended(List<String> refs, Set<JobId> open) {
        return refs.stream()
                .filter(ref -> !open.contains(JobId.parse(ref.substring(ref.lastIndexOf('/') + 1))))
                .toList();
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
