package io.loreley.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How this machine takes part among others. */
final class ClusterOptions {

    @Option(
            names = "--git-remote",
            paramLabel = "URL",
            description = "The bare repository through which machines exchange commits (LORELEY_GIT_REMOTE).")
    private @Nullable String gitRemote;

    @Option(
            names = "--labels",
            paramLabel = "LABELS",
            description = "What the workers of this machine can do, as gpu,large (WORKER_LABELS).")
    private @Nullable String labels;

    @Option(
            names = "--soft-limit",
            paramLabel = "TIME",
            description = "How long jobs at work may go on after a first signal (WORKER_SOFT_LIMIT, 2s).")
    private @Nullable String softLimit;

    @Option(
            names = "--metrics-port",
            paramLabel = "[HOST:]PORT",
            description =
                    "Answer /metrics and /health there (METRICS_PORT); of this machine alone unless a host is named.")
    private @Nullable String metrics;

    MachineSettings applied(MachineSettings machine, Map<String, String> environment) {
        return machine.with(Membership.of(labels, gitRemote, softLimit, metrics, environment));
    }
}
