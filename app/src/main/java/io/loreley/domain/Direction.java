package io.loreley.domain;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which way a metric gets better. */
public enum Direction {
    @JsonProperty("maximize")
    MAXIMIZE,
    @JsonProperty("minimize")
    MINIMIZE;

    public boolean higherIsBetter() {
        return this == MAXIMIZE;
    }

    /** The value on a scale where higher is better: itself, or its negation. */
    public double oriented(double value) {
        return this == MAXIMIZE ? value : -value;
    }

    public static Direction of(boolean higherIsBetter) {
        return higherIsBetter ? MAXIMIZE : MINIMIZE;
    }
}
