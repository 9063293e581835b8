package io.loreley.evaluation;

import io.loreley.domain.Setting;
import io.loreley.process.Isolation;
import io.loreley.process.Resources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an evaluator, and the candidate in it, may use of the machine. */
public record ContainmentSettings(
        @Setting(
                doc =
                        "How it is kept apart: `namespace` gives it process numbers of its own, so that nothing outlives it; "
                                + "`bwrap` makes all files but the checkout and the result's folder read-only besides, and needs "
                                + "bubblewrap; `none` leaves it to its process group.",
                fallback = "namespace")
        Isolation.Kind isolation,

        @Setting(
                doc =
                        "Whether it may use the network. Without, it has a loopback of its own, where the kernel allows that.",
                fallback = "false")
        boolean network,

        @Setting(
                doc = "Whether `bwrap` makes the checkout read-only, too: for evaluators that build nothing in it.",
                fallback = "false")
        boolean readOnlyCheckout,

        @Setting(doc = "Megabytes of memory, over all its processes.", min = 1) @Nullable
        Integer memoryMegabytes,

        @Setting(doc = "Processor time, over all its processes.", min = 1) @Nullable
        Duration cpuTime,

        @Setting(doc = "Processes at once.", fallback = "1000", min = 1)
        int processes,

        @Setting(doc = "Megabytes of the largest file that it may write.", fallback = "4096", min = 1)
        int fileMegabytes) {

    /** As if nothing were said. */
    public static final ContainmentSettings DEFAULT =
            new ContainmentSettings(Isolation.Kind.NAMESPACE, false, false, null, null, 1000, 4096);

    Resources resources() {
        return new Resources(
                memoryMegabytes == null ? null : (long) memoryMegabytes << 20,
                cpuTime,
                processes,
                (long) fileMegabytes << 20);
    }

    /**
     * What its program may reach.
     *
     * @param outbox where it leaves its result
     * @param temporary where programs put their temporary files
     */
    Isolation isolation(Path checkout, Path outbox, Path temporary) {
        List<Path> writable = isolation != Isolation.Kind.BWRAP
                ? List.of()
                : readOnlyCheckout ? List.of(outbox, temporary) : List.of(checkout, outbox, temporary);
        return new Isolation(isolation, network, writable);
    }
}
