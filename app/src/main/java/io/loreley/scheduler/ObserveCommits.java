package io.loreley.scheduler;

import io.loreley.domain.CommitCard;
import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Metric;
import io.loreley.domain.Objective;
import io.loreley.embedding.CommitEmbedding;
import io.loreley.embedding.RepositoryEmbedder;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Axes;
import io.loreley.mapelites.projection.Traits;
import io.loreley.store.Experiments;
import io.loreley.store.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what places a commit in the behaviour space: its embedding, if axes are learned, and the metrics that are axes. */
public final class ObserveCommits {

    private final ExperimentId experiment;
    private final Experiments experiments;
    private final RepositoryEmbedder embedder;
    private final Objective objective;
    private final List<Axes> axes;
    private final boolean embeds;

    public ObserveCommits(
            ExperimentId experiment,
            Experiments experiments,
            RepositoryEmbedder embedder,
            Objective objective,
            SearchSettings settings) {
        this.experiment = experiment;
        this.experiments = experiments;
        this.embedder = embedder;
        this.objective = objective;
        this.axes = settings.axes();
        this.embeds = settings.learnsAxes();
    }

    Objective objective() {
        return objective;
    }

    /** What embeds commits; empty if nothing is embedded. */
    Optional<String> model() {
        return embeds ? Optional.of(embedder.model()) : Optional.empty();
    }

    /** What was found of a commit. */
    sealed interface Found {

        /**
         * It can be placed.
         *
         * @param value of the objective, as it was measured
         */
        record Placeable(Observation observation, double value, List<Measurement> measurements) implements Found {
            public Placeable {
                measurements = List.copyOf(measurements);
            }
        }

        /** It has no place, and another try would change nothing. */
        record Unplaceable(String reason) implements Found {}
    }

    /**
     * Looks at a recorded commit.
     *
     * @throws LoreleyException of kind EMBEDDING or GIT if it cannot be embedded
     */
    Found observe(CommitHash commit) {
        CommitCard card = experiments.card(experiment, commit);
        List<Measurement> measurements =
                card.metrics().stream().map(Metric::measurement).toList();
        double value = value(measurements, objective.metric())
                .orElseThrow(() -> new LoreleyException(
                        FailureKind.OBJECTIVE_MISSING,
                        "commit %s was recorded without the objective '%s'"
                                .formatted(commit.abbreviated(), objective.metric())));
        List<Double> values = new ArrayList<>();
        for (Axes axis : axes) {
            if (axis instanceof Axes.Measured(String name, var _)) {
                Optional<Double> measured = value(measurements, name);
                if (measured.isEmpty()) {
                    return new Found.Unplaceable(
                            "the evaluator reported no metric '%s', which search.measures names as an axis"
                                    .formatted(name));
                }
                values.add(measured.get());
            }
        }
        Vector measured =
                Vector.of(values.stream().mapToDouble(Double::doubleValue).toArray());
        double oriented = objective.direction().oriented(value);
        if (!embeds) {
            return new Found.Placeable(
                    new Observation(commit, new Traits(Vector.of(), measured), oriented, ""), value, measurements);
        }
        CommitEmbedding embedding = embedder.embed(commit);
        return new Found.Placeable(
                new Observation(commit, new Traits(embedding.vector(), measured), oriented, embedding.model()),
                value,
                measurements);
    }

    private static Optional<Double> value(List<Measurement> measurements, String name) {
        return measurements.stream()
                .filter(measurement -> measurement.name().equals(name))
                .map(Measurement::value)
                .findFirst();
    }
}
