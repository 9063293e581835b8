package io.loreley.domain;

import java.util.UUID;

/** Names one job in every table, log line and artifact path. */
public record JobId(UUID value) {

    public static JobId parse(String text) {
        return new JobId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
