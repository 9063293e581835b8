package io.loreley.agent;

import io.loreley.domain.Setting;
import io.loreley.process.Isolation;
import io.loreley.process.Limits;
import io.loreley.process.Resources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an agent's program can reach of the machine, and how much of it it may use. */
public record ContainmentSettings(
        @Setting(
                doc = "`none`: a process group; `namespace`: process numbers of its own where the kernel allows it, so "
                        + "that nothing outlives the agent; `bwrap`: that, and everything but the work tree read-only.",
                fallback = "namespace")
        Isolation.Kind isolation,

        @Setting(doc = "Whether it has a network. An agent that talks to a provider needs one.", fallback = "true")
        boolean network,

        @Setting(
                doc = "How long it may print nothing: a stream that stalls is not always noticed by the agent itself. "
                        + "Absent for 10 minutes of a coding agent, and no limit of a program of yours.",
                min = 1)
        @Nullable
        Duration silence,

        @Setting(doc = "Events in one run of a coding agent; more is an endless loop.", fallback = "20000", min = 10)
        int events,

        @Setting(doc = "Memory of all its processes together, in megabytes; absent for no limit.", min = 16) @Nullable
        Integer memoryMegabytes,

        @Setting(doc = "Processor time of all its processes together; absent for no limit.", min = 1) @Nullable
        Duration cpuTime,

        @Setting(doc = "Processes alive at once; absent for no limit.", min = 1) @Nullable
        Integer processes,

        @Setting(
                doc = "US dollars that one run may cost, where the agent tells its cost while it works (claude, "
                        + "opencode); absent for no limit.",
                min = 0)
        @Nullable
        Double costUsd) {

    /** The defaults. */
    public static final ContainmentSettings USUAL =
            new ContainmentSettings(Isolation.Kind.NAMESPACE, true, null, 20_000, null, null, null, null);

    /** The limits of one run, and how long it may be silent where nothing is set. */
    Limits limits(Duration time, long outputBytes, @Nullable Duration usualSilence) {
        Long bytes = memoryMegabytes == null ? null : (long) memoryMegabytes << 20;
        return new Limits(
                time, outputBytes, silence == null ? usualSilence : silence, new Resources(bytes, cpuTime, processes));
    }

    /** What a run may reach; with bwrap it may write to nothing but these. */
    Isolation isolation(List<Path> writable) {
        return new Isolation(isolation, network, writable);
    }
}
