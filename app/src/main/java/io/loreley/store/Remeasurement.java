package io.loreley.store;

import io.loreley.domain.CommitCard;
import io.loreley.domain.CommitHash;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.Experiment;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Metric;
import io.loreley.domain.Spread;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hibernate.StatelessSession;

/** Merges a new measurement of a commit into the metrics of its card. */
final class Remeasurement {

    private Remeasurement() {}

    static void write(StatelessSession session, EvolutionJob job, CommitHash commit, List<Measurement> measured) {
        Experiment experiment = job.experiment();
        CardQueries cards = new CardQueries_(session);
        CommitCard card = Optional.ofNullable(experiment)
                .flatMap(known -> cards.withMetrics(known.id().value(), commit.value()))
                .orElseThrow(() -> new LoreleyException(
                        FailureKind.DATABASE,
                        "commit %s was measured again, and has no card".formatted(commit.abbreviated())));
        Map<String, Metric> known = card.metrics().stream()
                .collect(Collectors.toMap(metric -> metric.measurement().name(), Function.identity()));
        for (Measurement now : measured) {
            Metric before = known.get(now.name());
            if (before == null) {
                cards.insertMetrics(List.of(new Metric(UUID.randomUUID(), card, now)));
            } else {
                Measurement both = together(before.measurement(), now);
                cards.remeasure(
                        before.id(),
                        both.value(),
                        both.spread().samples(),
                        both.spread().deviation());
            }
        }
    }

    /** The mean of all measurements, each with the weight of its samples. */
    static Measurement together(Measurement before, Measurement now) {
        int first = before.spread().samples();
        int second = now.spread().samples();
        double mean = before.value() + (now.value() - before.value()) * second / (first + second);
        return before.measured(
                mean, Spread.pooled(List.of(before.value(), now.value()), List.of(before.spread(), now.spread())));
    }
}
