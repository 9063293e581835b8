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
        Beat known = beats.get(experiment);
        if (known != null && isYoung(known)) {
            return known.marker;
        }
        Beat asked = beats.compute(
                experiment,
                (id, before) ->
                        before != null && isYoung(before) ? before : new Beat(changes.marker(id), clock.instant()));
        return asked.marker;
    }

    private boolean isYoung(Beat beat) {
        return isYounger(Duration.between(beat.at, clock.instant()), FRESH);
    }

    /** Whether an age is less than another. One below zero is none: the clock went back, and what is kept may be of any age. */
    static boolean isYounger(Duration age, Duration longest) {
        return !age.isNegative() && age.compareTo(longest) < 0;
    }

    private record Beat(Changes.Marker marker, Instant at) {}
}
