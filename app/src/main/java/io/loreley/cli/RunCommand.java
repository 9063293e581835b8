package io.loreley.cli;

import io.loreley.cli.display.Display;
import io.loreley.cli.display.EndReport;
import io.loreley.web.WebSettings;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the search of a project, or continues it. */
@Command(
        name = "run",
        description = "Run the search of a project, or continue it.",
        footer = {
            "",
            "Ends when the budget is used, or on Ctrl-C, which gives unfinished jobs back. The same command continues "
                    + "the same experiment, also after a crash."
        })
final class RunCommand implements Callable<Integer> {

    private final Surroundings surroundings;
    private final Engine engine;

    @Mixin
    private ProjectArgument project = new ProjectArgument();

    @Mixin
    private BudgetOptions budget = new BudgetOptions();

    @Option(names = "--workers", paramLabel = "N", description = "Jobs that run at once (default: one per core).")
    private @Nullable Integer workers;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of the dashboard (8765, or a free one if that is taken).")
    private @Nullable Integer port;

    @Option(names = "--no-web", description = "Run without the dashboard.")
    private boolean noWeb;

    @Mixin
    private PartOptions options = new PartOptions();

    RunCommand(Surroundings surroundings, Engine engine) {
        this.surroundings = surroundings;
        this.engine = engine;
    }

    @Override
    public Integer call() {
        Project loaded = project.load(budget.flags(), surroundings.environment());
        WebSettings web = web();
        MachineSettings settings = options.begin("run", workers, surroundings);
        try (Display display =
                        options.output().open(surroundings, loaded.settings().goal());
                GracefulStop stop = GracefulStop.onSignals(display::close)) {
            Display audience = new Audience(display, Audience.closedPipe(surroundings.out()), stop);
            EndReport report = engine.run(loaded, settings, options.chosen(), web, audience, stop);
            display.finish(report);
            return stop.isRequested() ? Failures.INTERRUPTED : Failures.OK;
        }
    }

    private @Nullable WebSettings web() {
        int asked = port == null ? WebSettings.DEFAULT_OR_FREE : ServerCommand.requirePort(port);
        return noWeb ? null : WebSettings.loopback(asked);
    }
}
