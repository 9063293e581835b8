package io.loreley.worker;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobId;
import io.loreley.domain.LoreleyException;
import io.loreley.git.Hub;
import io.loreley.git.Remote;
import io.loreley.store.Stages;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what jobs left that have ended: candidates in quarantine that nobody goes on from any more, here and in the
 * remote, and work trees that nobody has used for a week. Recorded commits have refs of another name. An open job's candidate
 * stays, and for a while that of one that failed or was cancelled after its coding was paid for: it may be queued again. Tidies the hub as well. At once, and then every ten minutes until it is closed; once a day, old files of jobs go
 * too. Any number of processes may do so side by side.
 */
public final class Janitor implements Runnable, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Janitor.class);

    private static final Duration PERIOD = Duration.ofMinutes(10);
    /** To measure thousands of folders takes a while. */
    private static final Duration BETWEEN_FILES = Duration.ofDays(1);
    /** A warm work tree saves seconds; after so long it is more likely in the way. */
    private static final Duration UNUSED = Duration.ofDays(7);

    private final ExperimentId experiment;
    private final Hub hub;
    private final @Nullable Remote remote;
    private final Stages stages;
    private final Path workTrees;
    private final Duration keepFor;
    private final Runnable oldFiles;
    private final InstantSource clock;
    private Instant nextFiles = Instant.MIN;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param workTrees those of all experiments on this machine
     * @param keepFor how long after its end a job's candidate stays that may be gone on from
     * @param oldFiles takes away the files of jobs that are old enough
     */
    public Janitor(
            ExperimentId experiment,
            Hub hub,
            @Nullable Remote remote,
            Stages stages,
            Path workTrees,
            Duration keepFor,
            Runnable oldFiles,
            InstantSource clock) {
        this.experiment = experiment;
        this.hub = hub;
        this.remote = remote;
        this.stages = stages;
        this.workTrees = workTrees;
        this.keepFor = keepFor;
        this.oldFiles = oldFiles;
        this.clock = clock;
    }

    /** How much was taken away here. */
    record Swept(int refs, int workTrees) {}

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

    /** What fails is not worth a run; the next round may not. A remote that is away keeps nobody from tidying up here. */
    void round() {
        attempt(() -> {
            Swept swept = sweep();
            LOG.atInfo()
                    .addKeyValue("experiment", experiment)
                    .addKeyValue("refs", swept.refs())
                    .addKeyValue("work_trees", swept.workTrees())
                    .log("janitor.swept");
        });
        if (remote != null) {
            attempt(() -> LOG.atInfo()
                    .addKeyValue("experiment", experiment)
                    .addKeyValue("remote_refs", sweep(remote))
                    .log("janitor.swept-remote"));
        }
        Instant now = clock.instant();
        if (!now.isBefore(nextFiles)) {
            nextFiles = now.plus(BETWEEN_FILES);
            attempt(oldFiles);
        }
    }

    private static void attempt(Runnable chore) {
        try {
            chore.run();
        } catch (LoreleyException | UncheckedIOException e) {
            LOG.atWarn().setCause(e).log("janitor.failed");
        }
    }

    /** On this machine. */
    Swept sweep() {
        List<String> ended = unneeded(hub.refs(CandidateRefs.quarantine(experiment)));
        hub.drop(ended);
        Instant before = clock.instant().minus(UNUSED);
        int unused = Slots.removeUnused(workTrees, before);
        hub.tidy(before);
        return new Swept(ended.size(), unused);
    }

    /** In the remote; answers how many refs there were. */
    int sweep(Remote remote) {
        List<String> ended = unneeded(remote.refs(List.of(CandidateRefs.quarantine(experiment) + "/*")));
        remote.delete(ended);
        return ended.size();
    }

    /** Refs are listed first: a job that is drawn afterwards has none among them. */
    private List<String> unneeded(List<String> refs) {
        if (refs.isEmpty()) {
            return refs;
        }
        Set<JobId> needed = stages.needed(
                refs.stream().map(Janitor::job).toList(), clock.instant().minus(keepFor));
        return refs.stream().filter(ref -> !needed.contains(job(ref))).toList();
    }

    private static JobId job(String ref) {
        return JobId.parse(ref.substring(ref.lastIndexOf('/') + 1));
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
