package io.loreley.scheduler;

import io.loreley.domain.CommitHash;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.FailureKind;
import io.loreley.domain.IngestionStatus;
import io.loreley.domain.IslandKey;
import io.loreley.domain.JobKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.RunEvent;
import io.loreley.domain.RunListener;
import io.loreley.mapelites.Placement;
import io.loreley.scheduler.Island.Offer;
import io.loreley.scheduler.ObserveCommits.Found;
import io.loreley.store.Archives;
import io.loreley.store.Ingested;
import io.loreley.store.IslandUpdate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Offers the commits of finished jobs to their islands, the root to all of them: observe, lay out, place, and write cell
 * and job in one transaction. What the hold-out said of a best changes no island. A commit that cannot be embedded, or
 * lacks a metric that is an axis, is noted with its reason and does not hold up the others; any other failure ends the
 * tick.
 */
public final class IngestJobs {

    private static final Logger LOG = LoggerFactory.getLogger(IngestJobs.class);

    /** Commits offered in one tick: enough to keep up, few enough that drawing is not held up. */
    static final int BATCH = 32;

    private final Archives archives;
    private final ObserveCommits observe;
    private final Islands islands;
    private final MigrateElites migrate;
    private final RunListener listener;
    private final InstantSource clock;
    /** Whether what the archive holds was embedded as this process embeds, and what failed before is offered again. */
    private boolean isPrepared;

    public IngestJobs(
            Archives archives,
            ObserveCommits observe,
            Islands islands,
            MigrateElites migrate,
            RunListener listener,
            InstantSource clock) {
        this.archives = archives;
        this.observe = observe;
        this.islands = islands;
        this.migrate = migrate;
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Offers what waits.
     *
     * @return how many were offered
     */
    int run() {
        prepare();
        // Due already if the last run ended between a commit and the migration that it was the cause of.
        migrate.run();
        var waiting = archives.toIngest(islands.experiment(), BATCH);
        for (EvolutionJob job : waiting) {
            ingest(job);
            migrate.run();
        }
        return waiting.size();
    }

    /** An older version of this program may have begun the experiment, and what failed may be mended; that is asked once. */
    private void prepare() {
        if (isPrepared) {
            return;
        }
        int failed = archives.offerFailedAgain(islands.experiment());
        if (failed > 0) {
            LOG.atInfo()
                    .addKeyValue("experiment", islands.experiment())
                    .addKeyValue("commits", failed)
                    .log("ingest.failed-again");
        }
        observe.model().ifPresent(model -> {
            int commits = archives.offerAgainUnlessEmbeddedBy(model, islands.experiment());
            if (commits > 0) {
                islands.forget();
                LOG.atWarn()
                        .addKeyValue("experiment", islands.experiment())
                        .addKeyValue("model", model)
                        .addKeyValue("commits", commits)
                        .log("ingest.embedded-otherwise");
            }
        });
        isPrepared = true;
    }

    /** How many successes the archive has not answered yet. */
    long waiting() {
        return archives.awaitingIngestion(islands.experiment());
    }

    private void ingest(EvolutionJob job) {
        CommitHash commit = commitOf(job);
        if (job.kind() == JobKind.HOLDOUT) {
            heldOut(job, commit);
            return;
        }
        ObserveCommits.Found found;
        try {
            found = observe.observe(commit);
        } catch (LoreleyException e) {
            if (e.kind() != FailureKind.EMBEDDING && e.kind() != FailureKind.GIT) {
                throw e;
            }
            warn(job, commit).setCause(e).log("ingest.failed");
            archives.ingestionFailed(job, String.valueOf(e.getMessage()));
            return;
        }
        switch (found) {
            case Found.Unplaceable(var reason) -> {
                warn(job, commit).addKeyValue("reason", reason).log("ingest.unplaceable");
                archives.unplaceable(job, reason);
            }
            case Found.Placeable placeable when job.kind() == JobKind.REMEASURE -> remeasured(job, placeable);
            case Found.Placeable placeable -> place(job, placeable);
        }
    }

    private void heldOut(EvolutionJob job, CommitHash commit) {
        Optional<String> reason = archives.heldOut(islands.experiment(), job, commit);
        LOG.atInfo()
                .addKeyValue("job", job.id())
                .addKeyValue("commit", commit)
                .addKeyValue("outcome", reason.isPresent() ? "failed" : "passed")
                .log("ingest.held-out");
        listener.on(new RunEvent.HeldOut(commit, reason.orElse(null)));
    }

    /** Everything known of the islands that know the commit is placed anew. */
    private void remeasured(EvolutionJob job, Found.Placeable found) {
        CommitHash commit = found.observation().commit();
        islands.contest().forget(commit);
        List<IslandUpdate> updates = islands.ring().stream()
                .flatMap(key -> islands.island(key).remeasured(found.observation()).stream()
                        .map(change -> new IslandUpdate(key, change)))
                .toList();
        archives.remeasured(islands.experiment(), job, found.observation(), updates);
        LOG.atInfo()
                .addKeyValue("job", job.id())
                .addKeyValue("commit", commit)
                .addKeyValue("objective", found.value())
                .log("ingest.remeasured");
    }

    private void place(EvolutionJob job, Found.Placeable found) {
        CommitHash commit = found.observation().commit();
        List<IslandKey> keys = job.kind() == JobKind.ROOT ? islands.ring() : List.of(islands.of(job));
        Instant now = clock.instant();
        List<Offer> offers = keys.stream()
                .map(key -> islands.island(key).offer(found.observation(), now))
                .toList();
        List<IslandUpdate> updates = IntStream.range(0, keys.size())
                .mapToObj(i -> new IslandUpdate(keys.get(i), offers.get(i).change()))
                .toList();
        Placement<CommitHash> placement = offers.getFirst().placement();
        Optional<Archives.BestBefore> exceeded =
                archives.record(job, ingested(islands.island(keys.getFirst()), placement), updates);
        islands.noteOffered();
        noteFruit(job, placement);
        LOG.atInfo()
                .addKeyValue("job", job.id())
                .addKeyValue("island", keys.getFirst().island())
                .addKeyValue("commit", commit)
                .addKeyValue("cell", placement.cell())
                .addKeyValue("outcome", outcome(placement))
                .log("ingest.placed");
        tell(job, found, placement, exceeded);
    }

    private void tell(
            EvolutionJob job,
            Found.Placeable found,
            Placement<CommitHash> placement,
            Optional<Archives.BestBefore> exceeded) {
        CommitHash commit = found.observation().commit();
        listener.on(new RunEvent.Placed(job.id(), commit, placement.cell(), outcome(placement), found.value()));
        if (job.kind() == JobKind.ROOT) {
            listener.on(new RunEvent.RootEvaluated(commit, found.value(), found.measurements()));
        } else if (exceeded.isPresent() && exceeded.get().objective().isPresent()) {
            double before = observe.objective()
                    .direction()
                    .oriented(exceeded.get().objective().getAsDouble());
            listener.on(new RunEvent.BestImproved(commit, found.value(), before));
        }
    }

    /** The copy of a job that ended was no draw, and counts as none. */
    private void noteFruit(EvolutionJob job, Placement<CommitHash> placement) {
        CommitHash base = job.base();
        boolean isDraw = job.kind() == JobKind.EVOLVE && job.draw() != null;
        if (isDraw && base != null && !(placement instanceof Placement.Rejected<CommitHash>)) {
            islands.island(islands.of(job)).curiosity().improved(base);
        }
    }

    private static LoggingEventBuilder warn(EvolutionJob job, CommitHash commit) {
        return LOG.atWarn().addKeyValue("job", job.id()).addKeyValue("commit", commit);
    }

    private static Ingested ingested(Island island, Placement<CommitHash> placement) {
        return switch (placement) {
            case Placement.Discovered<CommitHash>(var elite, var value) ->
                new Ingested(IngestionStatus.SUCCEEDED, finite(value), 2, null, elite.cell());
            case Placement.Improved<CommitHash>(var elite, var displaced, var value) ->
                new Ingested(IngestionStatus.SUCCEEDED, finite(value), 1, null, elite.cell());
            case Placement.Rejected<CommitHash>(var cell, var value) -> {
                boolean isPinned = value > 0 && island.isPinned(cell);
                String why = isPinned
                        ? "the elite of cell %d is pinned"
                        : value > 0
                                ? "it is not proved to be better than the elite of cell %d"
                                : "the elite of cell %d is at least as good";
                yield new Ingested(
                        IngestionStatus.SKIPPED, finite(value), 0, why.formatted(cell), null, value <= 0 || isPinned);
            }
        };
    }

    /** Two objectives may lie farther apart than the largest number, and nothing that is stored is infinite. */
    private static double finite(double gain) {
        return Math.clamp(gain, -Double.MAX_VALUE, Double.MAX_VALUE);
    }

    private static RunEvent.Placed.Outcome outcome(Placement<CommitHash> placement) {
        return switch (placement) {
            case Placement.Discovered<CommitHash> _ -> RunEvent.Placed.Outcome.DISCOVERED;
            case Placement.Improved<CommitHash> _ -> RunEvent.Placed.Outcome.IMPROVED;
            case Placement.Rejected<CommitHash> _ -> RunEvent.Placed.Outcome.REJECTED;
        };
    }

    private static CommitHash commitOf(EvolutionJob job) {
        CommitHash commit = job.result();
        if (commit == null) {
            throw new LoreleyException(
                    FailureKind.INTERNAL, "job %s succeeded without a commit. Indicates a bug.".formatted(job.id()));
        }
        return commit;
    }
}
