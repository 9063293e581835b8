package io.loreley.process;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a command may use before it is killed.
 *
 * @param time wall clock, from its start
 * @param outputBytes of standard output and standard error together
 * @param silence how long it may write nothing to either; absent for no limit
 */
public record Limits(
        Duration time, long outputBytes, @Nullable Duration silence, Resources resources) {

    public Limits {
        if (!time.isPositive()) {
            throw new IllegalArgumentException("a time limit must be positive, not " + time);
        }
        if (outputBytes < 0) {
            throw new IllegalArgumentException("an output limit must not be negative, not " + outputBytes);
        }
        if (silence != null && !silence.isPositive()) {
            throw new IllegalArgumentException("a limit of silence must be positive, not " + silence);
        }
    }

    /** Limits on time and output alone. */
    public Limits(Duration time, long outputBytes) {
        this(time, outputBytes, null, Resources.UNLIMITED);
    }
}
