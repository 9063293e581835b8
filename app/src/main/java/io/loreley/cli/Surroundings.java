package io.loreley.cli;

import io.loreley.cli.display.TerminalSize;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a command finds around it. The streams write UTF-8 whatever the locale says.
 *
 * @param terminal the size of the terminal that {@code out} is; empty if it is none
 */
record Surroundings(
        Map<String, String> environment,
        PrintStream out,
        PrintStream err,
        InstantSource clock,
        Supplier<Optional<TerminalSize>> terminal) {

    Surroundings {
        environment = Map.copyOf(environment);
    }

    static Surroundings ofThisProcess() {
        return new Surroundings(
                System.getenv(),
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                InstantSource.system(),
                TerminalSize::ofStandardOutput);
    }

    /** Whether colours are seen and welcome: see no-color.org. */
    boolean colours() {
        return canDraw() && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** Whether there is a terminal on which a cursor can be moved. */
    boolean canDraw() {
        return !"dumb".equals(environment.get("TERM")) && terminal.get().isPresent();
    }
}
