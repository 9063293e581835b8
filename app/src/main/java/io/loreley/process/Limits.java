package io.loreley.process;

import java.time.Duration;

/**
 * What a command may use.
 *
 * @param time wall-clock time from start to end
 * @param outputBytes both output files together; past that the command is killed
 */
public record Limits(Duration time, long outputBytes) {

    public Limits {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("a command needs a positive time limit, not " + time);
        }
        if (outputBytes <= 0) {
            throw new IllegalArgumentException("a command needs a positive output limit, not " + outputBytes);
        }
    }
}
