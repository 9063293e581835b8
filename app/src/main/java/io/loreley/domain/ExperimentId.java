package io.loreley.domain;

import java.util.UUID;

/** Names one experiment in every table, log line and artifact path. */
public record ExperimentId(UUID value) {

    public static ExperimentId parse(String text) {
        return new ExperimentId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
