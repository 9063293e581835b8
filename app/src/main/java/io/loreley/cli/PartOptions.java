package io.loreley.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** What run and its parts, scheduler and worker, have in common: how they report, what they go on with, whom they belong to. */
final class PartOptions {

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private ChoiceOptions choice = new ChoiceOptions();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private MachineOptions machine = new MachineOptions();

    /** The settings of this machine, with a log file opened by them. */
    MachineSettings begin(String part, @Nullable Integer workers, Surroundings surroundings) {
        MachineSettings settings =
                cluster.applied(machine.settings(workers, surroundings.environment()), surroundings.environment());
        // Read here, since the janitor, which goes by them, would only log that it cannot.
        RetentionOptions.ofEnvironment(surroundings.environment());
        LogFile.open(settings, part, surroundings.clock());
        return settings;
    }

    OutputOptions output() {
        return output;
    }

    ExperimentChoice chosen() {
        return choice.chosen();
    }
}
