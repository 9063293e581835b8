package io.loreley.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program to run.
 *
 * @param arguments the program first; found on the PATH of {@code environment} if it names no folder
 * @param environment all of it: nothing is inherited
 * @param input what it reads on its standard input; absent for nothing
 * @param stdout the file that receives its standard output
 * @param stderr the file that receives its standard error
 */
public record Command(
        List<String> arguments,
        Path directory,
        Map<String, String> environment,
        @Nullable String input,
        Path stdout,
        Path stderr,
        Limits limits) {

    public Command {
        if (arguments.isEmpty() || arguments.getFirst().isBlank()) {
            throw new IllegalArgumentException("a command needs a program");
        }
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }
}
