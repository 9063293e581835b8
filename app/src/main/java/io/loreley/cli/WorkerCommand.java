package io.loreley.cli;

import io.loreley.cli.display.Display;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The workers' part of a run. */
@Command(
        name = "worker",
        description = "Work on the jobs of a project's experiment, until it is stopped or drained.",
        footer = {
            "",
            "Agent and evaluator are started from the project's folder. With --experiment or --any its files come from the git "
                    + "remote instead. All machines need the same DATABASE_URL, and the same --git-remote to exchange commits."
        })
final class WorkerCommand implements Callable<Integer> {

    private final Surroundings surroundings;
    private final Engine engine;

    @Mixin
    private ProjectArgument project = new ProjectArgument();

    @Option(names = "--workers", paramLabel = "N", description = "Jobs that run at once (default: one per core).")
    private @Nullable Integer workers;

    @Option(
            names = "--experiment",
            paramLabel = "NAME",
            description = "Work on this one, by name or id, without the project's folder.")
    private @Nullable String experiment;

    @Option(names = "--any", description = "Work on whatever the labels allow, without a project's folder.")
    private boolean any;

    @Mixin
    private PartOptions options = new PartOptions();

    WorkerCommand(Surroundings surroundings, Engine engine) {
        this.surroundings = surroundings;
        this.engine = engine;
    }

    @Override
    public Integer call() {
        Project loaded = any || experiment != null ? null : project.load(surroundings.environment());
        MachineSettings settings = options.begin("worker", workers, surroundings);
        try (Display display = options.output().lines(surroundings);
                GracefulStop stop = GracefulStop.onSignals(display::close)) {
            if (loaded == null) {
                engine.work(experiment, settings, display, stop);
            } else {
                engine.work(loaded, settings, options.chosen(), display, stop);
            }
            return stop.isRequested() ? Failures.INTERRUPTED : Failures.OK;
        }
    }
}
