package io.loreley.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One external command, complete: it inherits nothing.
 *
 * @param arguments the program, found on the environment's PATH unless it holds a slash, and its arguments
 * @param directory where it runs
 * @param environment the whole environment. A value of {@value ProcessRunner#MARK} is kept as the beginning of the
 *     mark by which {@link ProcessRunner#sweep} finds what the command left behind.
 * @param input what it reads on standard input; nothing when absent
 * @param stdout file for its standard output, made anew
 * @param stderr file for its standard error, made anew; may be the same as {@code stdout}
 */
public record Command(
        List<String> arguments,
        Path directory,
        Map<String, String> environment,
        @Nullable String input,
        Path stdout,
        Path stderr,
        Limits limits,
        Isolation isolation) {

    public Command {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        if (arguments.isEmpty() || arguments.getFirst().isBlank()) {
            throw new IllegalArgumentException("a command needs a program: " + arguments);
        }
    }

    /** A command that is not isolated. */
    public Command(
            List<String> arguments,
            Path directory,
            Map<String, String> environment,
            @Nullable String input,
            Path stdout,
            Path stderr,
            Limits limits) {
        this(arguments, directory, environment, input, stdout, stderr, limits, Isolation.NONE);
    }
}
