package io.loreley.cli;

import io.loreley.cli.display.Display;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The workers' part of a run. */
@Command(
        name = "worker",
        description = "Work on the jobs of a project's experiment, until it is stopped or drained.",
        footer = {
            "",
            "Needs the project's folder, because agent and evaluator are started from there. All machines need the same",
            "DATABASE_URL, and the same --git-remote to exchange commits."
        })
final class WorkerCommand implements Callable<Integer> {

    private final Surroundings surroundings;
    private final Engine engine;

    @Parameters(
            arity = "0..1",
            paramLabel = "PROJECT",
            defaultValue = ".",
            description = "The project's folder, or its loreley.yaml (default: here).")
    private Path project = Path.of(".");

    @Option(names = "--workers", paramLabel = "N", description = "Jobs that run at once (default: one per core).")
    private @Nullable Integer workers;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private ChoiceOptions choice = new ChoiceOptions();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private MachineOptions machine = new MachineOptions();

    WorkerCommand(Surroundings surroundings, Engine engine) {
        this.surroundings = surroundings;
        this.engine = engine;
    }

    @Override
    public Integer call() {
        Project loaded = Project.load(project, Map.of(), surroundings.environment());
        MachineSettings settings =
                cluster.applied(machine.settings(workers, surroundings.environment()), surroundings.environment());
        LogFile.open(settings, "worker", surroundings.clock());
        try (Display display = output.lines(surroundings);
                GracefulStop stop = GracefulStop.onSignals(display::close)) {
            engine.work(loaded, settings, choice.chosen(), display, stop);
            return stop.isRequested() ? Failures.INTERRUPTED : Failures.OK;
        }
    }
}
