package io.loreley.process;

import java.time.Duration;

/**
 * What a command may use before it is killed.
 *
 * @param time wall clock, from its start
 * @param outputBytes of standard output and standard error together
 */
public record Limits(Duration time, long outputBytes) {

    public Limits {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("a time limit must be positive, not " + time);
        }
        if (outputBytes < 0) {
            throw new IllegalArgumentException("an output limit must not be negative, not " + outputBytes);
        }
    }
}
