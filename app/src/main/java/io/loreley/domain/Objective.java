package io.loreley.domain;

/** The one metric that the search improves, and the way it gets better. */
public record Objective(
        @Setting(doc = "The metric to improve, as the evaluator names it.")
        String metric,

        @Setting(doc = "Which way it gets better.", fallback = "maximize")
        Direction direction) {

    public Objective {
        Limits.requireText("objective metric", metric, Limits.METRIC_NAME);
    }
}
