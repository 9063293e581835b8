package io.loreley.domain;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the search improves, and what it may not give up for it. The archive compares by the first metric alone; the
 * others make a Pareto front.
 */
public record Objective(
        @Setting(doc = "The metric to improve, as the evaluator names it.")
        String metric,

        @Setting(doc = "Which way it gets better.", fallback = "maximize")
        Direction direction,

        @Setting(
                doc =
                        "Other metrics that matter. What is best in some trade-off between them and the first is kept as the "
                                + "Pareto front, and shown; the archive compares by the first alone.",
                fallback = "[]")
        List<Aim> also,

        @Setting(
                doc =
                        "What every candidate must keep to, as in `latency_ms <= 20`. One that does not is recorded with its "
                                + "metrics, and never enters the archive.",
                fallback = "[]")
        List<Requirement> require) {

    public Objective {
        Limits.requireText("objective metric", metric, Limits.METRIC_NAME);
        also = List.copyOf(also);
        require = List.copyOf(require);
        Set<String> names = new HashSet<>(Set.of(metric));
        for (Aim aim : also) {
            if (!names.add(aim.metric())) {
                throw new IllegalArgumentException("the metric '%s' is named twice".formatted(aim.metric()));
            }
        }
    }

    /** One metric, and no conditions. */
    public Objective(String metric, Direction direction) {
        this(metric, direction, List.of(), List.of());
    }

    /** Another metric that matters. */
    public record Aim(
            @Setting(doc = "The metric, as the evaluator names it.")
            String metric,

            @Setting(doc = "Which way it gets better.", fallback = "maximize")
            Direction direction) {

        public Aim {
            Limits.requireText("the metric of objective.also", metric, Limits.METRIC_NAME);
        }
    }

    /** The direction that the settings give a metric; empty if they do not name it. */
    public Optional<Direction> directionOf(String name) {
        return name.equals(metric)
                ? Optional.of(direction)
                : also.stream()
                        .filter(aim -> aim.metric().equals(name))
                        .findFirst()
                        .map(Aim::direction);
    }
}
