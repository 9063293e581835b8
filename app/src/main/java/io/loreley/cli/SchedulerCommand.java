package io.loreley.cli;

import io.loreley.cli.display.Display;
import io.loreley.cli.display.EndReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The scheduler's part of a run. */
@Command(
        name = "scheduler",
        description = "Schedule the search of a project for workers elsewhere.",
        footer = {
            "",
            "Several may be started: one schedules, the others stand by and take over when it is gone. "
                    + "All machines need the same DATABASE_URL, and the same --git-remote to exchange commits."
        })
final class SchedulerCommand implements Callable<Integer> {

    private final Surroundings surroundings;
    private final Engine engine;

    @Mixin
    private ProjectArgument project = new ProjectArgument();

    @Mixin
    private BudgetOptions budget = new BudgetOptions();

    @Mixin
    private PartOptions options = new PartOptions();

    SchedulerCommand(Surroundings surroundings, Engine engine) {
        this.surroundings = surroundings;
        this.engine = engine;
    }

    @Override
    public Integer call() {
        Project loaded = project.load(budget.flags(), surroundings.environment());
        MachineSettings settings = options.begin("scheduler", null, surroundings);
        try (Display display = options.output().lines(surroundings);
                GracefulStop stop = GracefulStop.onSignals(display::close)) {
            EndReport report = engine.schedule(loaded, settings, options.chosen(), display, stop);
            display.finish(report);
            return stop.isRequested() ? Failures.INTERRUPTED : Failures.OK;
        }
    }
}
