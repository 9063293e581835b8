package io.loreley.cli;

import io.loreley.cli.display.Display;
import io.loreley.cli.display.JsonDisplay;
import io.loreley.cli.display.LineDisplay;
import io.loreley.cli.display.LiveDisplay;
import io.loreley.cli.display.LiveRegion;
import io.loreley.cli.display.QuietDisplay;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How a run is shown; by default a live region on a terminal, and a line an event elsewhere. */
final class OutputOptions {

    @ArgGroup
    private @Nullable Output output;

    private static final class Output {
        @Option(
                names = {"-q", "--quiet"},
                description = "Show only what came of it.")
        private boolean quiet;

        @Option(names = "--json", description = "Show one JSON object a line.")
        private boolean json;
    }

    /** A live region where one can be drawn. */
    Display open(Surroundings surroundings, String goal) {
        return surroundings.canDraw() && output == null
                ? LiveDisplay.start(new LiveRegion(
                        surroundings.out(),
                        surroundings.terminal(),
                        surroundings.colours(),
                        surroundings.clock(),
                        goal))
                : lines(surroundings);
    }

    /** A line an event, also on a terminal. */
    Display lines(Surroundings surroundings) {
        if (output != null && output.json) {
            return new JsonDisplay(surroundings.out(), surroundings.clock());
        }
        if (output != null && output.quiet) {
            return new QuietDisplay(surroundings.out());
        }
        return new LineDisplay(surroundings.out(), surroundings.clock());
    }
}
