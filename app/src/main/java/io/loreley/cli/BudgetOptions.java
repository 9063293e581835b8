package io.loreley.cli;

import io.loreley.cli.settings.Source;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of whatever draws jobs, which beat the project's file. */
final class BudgetOptions {

    @Option(names = "--jobs", paramLabel = "N", description = "End after so many jobs of the experiment.")
    private @Nullable String jobs;

    @Option(names = "--for", paramLabel = "TIME", description = "End after so long: 90s, 2m, 1h30m.")
    private @Nullable String time;

    @Option(names = "--seed", paramLabel = "N", description = "The seed of every random choice.")
    private @Nullable String seed;

    Map<String, Source> flags() {
        Map<String, Source> flags = new HashMap<>();
        put(flags, "budget.jobs", "--jobs", jobs);
        put(flags, "budget.time", "--for", time);
        put(flags, Project.SEED, "--seed", seed);
        return flags;
    }

    private static void put(Map<String, Source> flags, String key, String name, @Nullable String text) {
        if (text != null) {
            flags.put(key, new Source(name, text));
        }
    }
}
