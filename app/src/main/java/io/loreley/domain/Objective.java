package io.loreley.domain;

/** The one metric that the search improves, and the way it gets better. */
public record Objective(String metric, Direction direction) {

    public Objective {
        Limits.requireText("objective metric", metric, Limits.METRIC_NAME);
    }
}
