package io.loreley.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;

/** What a command finds around it: environment, streams and clock. The streams write UTF-8 whatever the locale says. */
record Surroundings(Map<String, String> environment, PrintStream out, PrintStream err, InstantSource clock) {

    Surroundings {
        environment = Map.copyOf(environment);
    }

    static Surroundings ofThisProcess() {
        return new Surroundings(
                System.getenv(),
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                InstantSource.system());
    }

    /** Whether colours are welcome: see no-color.org. */
    boolean colours() {
        return environment.getOrDefault("NO_COLOR", "").isEmpty() && !isDumb();
    }

    /** A terminal on which a cursor cannot be moved. */
    boolean isDumb() {
        return "dumb".equals(environment.get("TERM"));
    }
}
