package io.loreley.store;

import io.loreley.domain.CardText;
import io.loreley.domain.CommitCard;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.IslandKey;
import io.loreley.domain.JobArtifacts;
import io.loreley.domain.JobId;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobSpec;
import io.loreley.domain.Measurement;
import io.loreley.domain.Metric;
import io.loreley.domain.Sampling;
import io.loreley.domain.StageName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A search for tests of other packages, with a past that is made up word by word. */
public final class RememberedSearch {

    private final StoredSearch search;
    private int jobs;

    public RememberedSearch(Database database, int number) {
        this.search = new StoredSearch(database, number);
    }

    public ExperimentId experiment() {
        return search.experiment.id();
    }

    public static CommitHash commit(int number) {
        return Rows.commit(number);
    }

    /** A recorded commit, without a job. */
    public void card(int number, @Nullable Integer parent, String summary, @Nullable Double score) {
        CommitCard card = new CommitCard(
                new UUID(experiment().value().getLeastSignificantBits(), number),
                search.experiment,
                commit(number),
                parent == null ? null : commit(parent),
                IslandKey.DEFAULT_ISLAND,
                null,
                "Ann",
                new CardText("Subject", summary, null, List.of(), List.of(), List.of()));
        search.database.transaction(session -> {
            session.insert(card);
            if (score != null) {
                session.insert(new Metric(
                        UUID.randomUUID(), card, new Measurement("score", score, null, Direction.MAXIMIZE, Map.of())));
            }
            return null;
        });
    }

    /** A job that planned and failed. */
    public void failed(int base, String island, @Nullable String plan, FailureKind kind, String error) {
        EvolutionJob job = worked(base, island, plan);
        search.jobs.fail(job.id(), 1, kind, error);
    }

    /** A job that made a commit. */
    public void succeeded(int base, String island, String plan, int commit, double score, @Nullable String evaluation) {
        EvolutionJob job = worked(base, island, plan);
        CommitCard card = new CommitCard(
                UUID.randomUUID(),
                search.experiment,
                commit(commit),
                commit(base),
                island,
                job.id(),
                "Ann",
                new CardText("Subject", "did: " + plan, evaluation, List.of(), List.of(), List.of()));
        search.jobs.succeed(
                job.id(),
                1,
                new JobResult(
                        card,
                        List.of(new Measurement("score", score, null, Direction.MAXIMIZE, Map.of())),
                        JobArtifacts.Paths.NONE,
                        plan));
    }

    private EvolutionJob worked(int base, String island, @Nullable String plan) {
        search.clock.advance(Duration.ofSeconds(1));
        JobId id = new JobId(UUID.randomUUID());
        search.jobs.draw(new EvolutionJob(
                id,
                search.experiment,
                JobKind.EVOLVE,
                commit(base),
                island,
                new JobSpec("faster", List.of(), List.of(), List.of(), List.of(), null),
                Sampling.none("rank"),
                (long) jobs++,
                0,
                0,
                search.clock.instant()));
        search.jobs.dispatch(experiment(), 1);
        EvolutionJob job = search.claim(id);
        if (plan != null) {
            search.begin(job, StageName.PLAN);
            search.stages.succeed(id, 1, StageName.PLAN, Map.of("summary", plan), null);
        }
        return job;
    }
}
