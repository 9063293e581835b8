package io.loreley.store;

import io.loreley.domain.CardText;
import io.loreley.domain.CommitCard;
import io.loreley.domain.CommitHash;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.IslandKey;
import io.loreley.domain.JobId;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobSpec;
import io.loreley.domain.Repository;
import io.loreley.domain.Sampling;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Rows to begin a test with. Each number names one of its kind. */
final class Rows {

    static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private Rows() {}

    static Repository repository(int number) {
        return new Repository(
                new UUID(1, number),
                "example.org/project-" + number,
                "https://example.org/project-" + number,
                "/home/ann/project-" + number,
                Map.of("remotes", List.of(Map.of("name", "origin"))));
    }

    static Experiment experiment(Repository repository, int number) {
        return new Experiment(
                new ExperimentId(new UUID(2, number)),
                repository,
                "%064x".formatted(number),
                "experiment-" + number,
                Map.of("goal", "faster"),
                "active");
    }

    static EvolutionJob job(Experiment experiment, int number) {
        return new EvolutionJob(
                new JobId(new UUID(3, number)),
                experiment,
                JobKind.EVOLVE,
                commit(0),
                IslandKey.DEFAULT_ISLAND,
                new JobSpec(
                        "faster", List.of("keep the API"), List.of("tests pass"), List.of(), List.of("tag"), "hint"),
                new Sampling(List.of(commit(1).value(), commit(2).value()), "rank", 1, 3, 0),
                (long) number,
                42 + number,
                5,
                NOON);
    }

    static CommitCard card(Experiment experiment, EvolutionJob job, int number) {
        return new CommitCard(
                new UUID(4, number),
                experiment,
                commit(number),
                commit(0),
                IslandKey.DEFAULT_ISLAND,
                job.id(),
                "Ann",
                new CardText(
                        "Make it faster",
                        "Unrolled the loop",
                        "12 % faster",
                        List.of("loop"),
                        List.of("src/Main.java"),
                        List.of("one loop less")));
    }

    static CommitHash commit(int number) {
        return new CommitHash("%040x".formatted(number + 1));
    }
}
