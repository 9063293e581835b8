package io.loreley.web;

import io.loreley.domain.ExperimentId;
import io.loreley.store.Changes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Whether something changed lately, asked of the database at most every so often whoever wants to know. Safe for many threads. */
final class Pulse {

    /** What a viewer may be behind. */
    private static final Duration FRESH = Duration.ofMillis(400);

    private final Changes changes;
    private final InstantSource clock;
    private final Map<ExperimentId, Beat> beats = new ConcurrentHashMap<>();

    Pulse(Changes changes, InstantSource clock) {
        this.changes = changes;
        this.clock = clock;
    }

    Changes.Marker marker(ExperimentId experiment) {
        Instant now = clock.instant();
        Beat known = beats.get(experiment);
        if (known != null && now.isBefore(known.at.plus(FRESH))) {
            return known.marker;
        }
        Beat asked = beats.compute(
                experiment,
                (id, before) -> before != null && now.isBefore(before.at.plus(FRESH))
                        ? before
                        : new Beat(changes.marker(id), clock.instant()));
        return asked.marker;
    }

    private record Beat(Changes.Marker marker, Instant at) {}
}
