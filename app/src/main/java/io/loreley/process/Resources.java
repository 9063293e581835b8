package io.loreley.process;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a command and everything it started may use together before all of it is killed. Looked at about twenty times a
 * second, so that a fast one takes somewhat more first. Linux only; elsewhere nothing is counted.
 *
 * @param memoryBytes of resident memory, pages that processes share counted for each; absent for no limit
 * @param cpuTime of user and system time; absent for no limit
 * @param processes alive at once; absent for no limit
 * @param fileBytes of the largest file that one of them may write, which the kernel sees to; absent for no limit
 */
public record Resources(
        @Nullable Long memoryBytes,
        @Nullable Duration cpuTime,
        @Nullable Integer processes,
        @Nullable Long fileBytes) {

    public static final Resources UNLIMITED = new Resources(null, null, null, null);

    public Resources {
        if ((memoryBytes != null && memoryBytes <= 0)
                || (cpuTime != null && !cpuTime.isPositive())
                || (processes != null && processes <= 0)
                || (fileBytes != null && fileBytes <= 0)) {
            throw new IllegalArgumentException("limits must be positive: memory %s, cpu time %s, processes %s, file %s"
                    .formatted(memoryBytes, cpuTime, processes, fileBytes));
        }
    }

    /** Without a limit on files. */
    public Resources(@Nullable Long memoryBytes, @Nullable Duration cpuTime, @Nullable Integer processes) {
        this(memoryBytes, cpuTime, processes, null);
    }

    /** Whether nothing has to be counted while it runs. */
    boolean needNoCount() {
        return memoryBytes == null && cpuTime == null && processes == null;
    }
}
