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

    MachineSettings applied(MachineSettings machine, Map<String, String> environment) {
        return machine.with(Membership.of(labels, gitRemote, environment));
    }
}
