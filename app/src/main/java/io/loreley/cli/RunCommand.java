package io.loreley.cli;

import io.loreley.cli.display.Display;
import io.loreley.cli.display.EndReport;
import io.loreley.cli.display.JsonDisplay;
import io.loreley.cli.display.LineDisplay;
import io.loreley.cli.display.LiveDisplay;
import io.loreley.cli.display.LiveRegion;
import io.loreley.cli.display.QuietDisplay;
import io.loreley.cli.settings.Source;
import io.loreley.web.WebSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the search of a project, or continues it. */
@Command(
        name = "run",
        description = "Run the search of a project, or continue it.",
        footer = {
            "",
            "Ends when the budget is used, or on Ctrl-C, which gives unfinished jobs back. The same command continues",
            "the same experiment, also after a crash."
        })
final class RunCommand implements Callable<Integer> {

    private final Surroundings surroundings;
    private final Engine engine;

    @Parameters(
            arity = "0..1",
            paramLabel = "PROJECT",
            defaultValue = ".",
            description = "The project's folder, or its loreley.yaml (default: here).")
    private Path project = Path.of(".");

    @Option(names = "--jobs", paramLabel = "N", description = "End after so many jobs of the experiment.")
    private @Nullable String jobs;

    @Option(names = "--for", paramLabel = "TIME", description = "End after so long: 90s, 2m, 1h30m.")
    private @Nullable String time;

    @Option(names = "--seed", paramLabel = "N", description = "The seed of every random choice.")
    private @Nullable String seed;

    @Option(names = "--workers", paramLabel = "N", description = "Jobs that run at once (default: one per core).")
    private @Nullable Integer workers;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of the dashboard (8765, or a free one if that is taken).")
    private @Nullable Integer port;

    @Option(names = "--no-web", description = "Run without the dashboard.")
    private boolean noWeb;

    @ArgGroup
    private @Nullable Output output;

    @ArgGroup
    private @Nullable Choice choice;

    @Mixin
    private MachineOptions machine = new MachineOptions();

    /** How the run is shown; by default a live region on a terminal, and a line an event elsewhere. */
    private static final class Output {
        @Option(
                names = {"-q", "--quiet"},
                description = "Show only what came of it.")
        private boolean quiet;

        @Option(names = "--json", description = "Show one JSON object a line.")
        private boolean json;
    }

    /** What to do when the settings differ from those that the experiment was started with. */
    private static final class Choice {
        @Option(names = "--continue", description = "Settings changed: go on under the stored ones.")
        private boolean goOn;

        @Option(names = "--new-experiment", description = "Settings changed: start another experiment.")
        private boolean startNew;
    }

    RunCommand(Surroundings surroundings, Engine engine) {
        this.surroundings = surroundings;
        this.engine = engine;
    }

    @Override
    public Integer call() {
        Project loaded = Project.load(project, flags(), surroundings.environment());
        MachineSettings settings = machine.settings(workers, surroundings.environment());
        LogFile.open(settings, "run", surroundings.clock());
        try (Display display = display(loaded.settings().goal());
                GracefulStop stop = GracefulStop.onSignals(display::close)) {
            EndReport report = engine.run(loaded, settings, choice(), web(), display, stop);
            display.finish(report);
            return stop.isRequested() ? Failures.INTERRUPTED : Failures.OK;
        }
    }

    private @Nullable WebSettings web() {
        return noWeb ? null : WebSettings.loopback(port == null ? WebSettings.DEFAULT_OR_FREE : port);
    }

    private Map<String, Source> flags() {
        Map<String, Source> flags = new HashMap<>();
        put(flags, "budget.jobs", "--jobs", jobs);
        put(flags, "budget.time", "--for", time);
        put(flags, "search.seed", "--seed", seed);
        return flags;
    }

    private static void put(Map<String, Source> flags, String key, String name, @Nullable String text) {
        if (text != null) {
            flags.put(key, new Source(name, text));
        }
    }

    private ExperimentChoice choice() {
        if (choice != null && choice.startNew) {
            return ExperimentChoice.NEW;
        }
        return choice != null && choice.goOn ? ExperimentChoice.CONTINUE : ExperimentChoice.ASK;
    }

    private Display display(String goal) {
        if (output != null && output.json) {
            return new JsonDisplay(surroundings.out(), surroundings.clock());
        }
        if (output != null && output.quiet) {
            return new QuietDisplay(surroundings.out());
        }
        if (!surroundings.canDraw()) {
            return new LineDisplay(surroundings.out(), surroundings.clock());
        }
        return LiveDisplay.start(new LiveRegion(
                surroundings.out(), surroundings.terminal(), surroundings.colours(), surroundings.clock(), goal));
    }
}
