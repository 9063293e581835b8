package io.loreley.scheduler;

import io.loreley.domain.CommitCard;
import io.loreley.domain.CommitHash;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.IngestionStatus;
import io.loreley.domain.JobKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Metric;
import io.loreley.domain.Objective;
import io.loreley.domain.RunEvent;
import io.loreley.domain.RunListener;
import io.loreley.embedding.CommitEmbedding;
import io.loreley.embedding.RepositoryEmbedder;
import io.loreley.mapelites.Placement;
import io.loreley.scheduler.Island.Offer;
import io.loreley.store.Archives;
import io.loreley.store.Experiments;
import io.loreley.store.Ingested;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers the commits of finished jobs to the archive: embed, project, place, and write cell and job in one transaction.
 * A commit that cannot be embedded is noted with its reason and does not hold up the others; any other failure ends the
 * tick.
 */
public final class IngestJobs {

    private static final Logger LOG = LoggerFactory.getLogger(IngestJobs.class);

    /** Commits offered in one tick: enough to keep up, few enough that drawing is not held up. */
    private static final int BATCH = 32;

    private final Archives archives;
    private final Experiments experiments;
    private final RepositoryEmbedder embedder;
    private final Islands islands;
    private final Objective objective;
    private final RunListener listener;
    private final InstantSource clock;

    public IngestJobs(
            Archives archives,
            Experiments experiments,
            RepositoryEmbedder embedder,
            Islands islands,
            Objective objective,
            RunListener listener,
            InstantSource clock) {
        this.archives = archives;
        this.experiments = experiments;
        this.embedder = embedder;
        this.islands = islands;
        this.objective = objective;
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Offers what waits.
     *
     * @return how many were offered
     */
    int run() {
        var waiting = archives.toIngest(experiment(), BATCH);
        for (EvolutionJob job : waiting) {
            ingest(job);
        }
        return waiting.size();
    }

    /** How many successes the archive has not answered yet. */
    long waiting() {
        return archives.awaitingIngestion(experiment());
    }

    private ExperimentId experiment() {
        return islands.key().experiment();
    }

    private void ingest(EvolutionJob job) {
        CommitHash commit = commitOf(job);
        CommitEmbedding embedding;
        try {
            embedding = embedder.embed(commit);
        } catch (LoreleyException e) {
            if (e.kind() != FailureKind.EMBEDDING && e.kind() != FailureKind.GIT) {
                throw e;
            }
            LOG.atWarn()
                    .addKeyValue("job", job.id())
                    .addKeyValue("commit", commit)
                    .setCause(e)
                    .log("ingest.failed");
            archives.ingestionFailed(job, String.valueOf(e.getMessage()));
            return;
        }
        CommitCard card = experiments.card(experiment(), commit);
        double value = valueOf(card);
        Offer offer =
                islands.current().offer(commit, embedding, objective.direction().oriented(value), clock.instant());
        Optional<Archives.BestBefore> exceeded =
                archives.record(islands.key(), job, ingested(offer.placement()), offer.change());
        noteFruit(job, offer.placement());
        LOG.atInfo()
                .addKeyValue("job", job.id())
                .addKeyValue("commit", commit)
                .addKeyValue("cell", offer.placement().cell())
                .addKeyValue("outcome", outcome(offer.placement()))
                .log("ingest.placed");
        listener.on(new RunEvent.Placed(job.id(), commit, offer.placement().cell(), outcome(offer.placement()), value));
        if (job.kind() == JobKind.ROOT) {
            listener.on(new RunEvent.RootEvaluated(commit, value, measurements(card)));
        } else if (exceeded.isPresent() && exceeded.get().objective().isPresent()) {
            double before =
                    objective.direction().oriented(exceeded.get().objective().getAsDouble());
            listener.on(new RunEvent.BestImproved(commit, value, before));
        }
    }

    private void noteFruit(EvolutionJob job, Placement<CommitHash> placement) {
        CommitHash base = job.base();
        if (job.kind() == JobKind.EVOLVE && base != null && !(placement instanceof Placement.Rejected<CommitHash>)) {
            islands.current().curiosity().improved(base);
        }
    }

    private static List<Measurement> measurements(CommitCard card) {
        return card.metrics().stream().map(Metric::measurement).toList();
    }

    private double valueOf(CommitCard card) {
        return measurements(card).stream()
                .filter(measurement -> measurement.name().equals(objective.metric()))
                .mapToDouble(Measurement::value)
                .findFirst()
                .orElseThrow(() -> new LoreleyException(
                        FailureKind.OBJECTIVE_MISSING,
                        "commit %s was recorded without the objective '%s'"
                                .formatted(card.commit().abbreviated(), objective.metric())));
    }

    private static Ingested ingested(Placement<CommitHash> placement) {
        return switch (placement) {
            case Placement.Discovered<CommitHash>(var elite, var value) ->
                new Ingested(IngestionStatus.SUCCEEDED, value, 2, null, elite.cell());
            case Placement.Improved<CommitHash>(var elite, var displaced, var value) ->
                new Ingested(IngestionStatus.SUCCEEDED, value, 1, null, elite.cell());
            case Placement.Rejected<CommitHash>(var cell, var value) ->
                new Ingested(
                        IngestionStatus.SKIPPED,
                        value,
                        0,
                        "the elite of cell %d is at least as good".formatted(cell),
                        null);
        };
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
