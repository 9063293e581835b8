package io.loreley.agent.cli;

import io.loreley.domain.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call, complete but for the part of the environment that every program gets.
 *
 * @param arguments the program and its arguments; never a secret, because every process of the machine can read them
 * @param environment on top of what every program gets
 * @param files what must be there before, by path relative to the task's home
 * @param input for standard input; absent where the prompt is an argument
 */
public record Invocation(
        List<String> arguments,
        Map<String, String> environment,
        Map<String, String> files,
        @Nullable String input) {

    public Invocation {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        files = Map.copyOf(files);
    }

    static Builder of(AgentCli cli, CliTask task) {
        return new Builder(Objects.requireNonNullElse(task.options().program(), cli.program()));
    }

    /** Prints no environment: it holds the key. */
    @Override
    public String toString() {
        return String.join(" ", arguments);
    }

    /** Collects a call. For one thread. */
    static final class Builder {

        private final List<String> arguments = new ArrayList<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final Map<String, String> files = new LinkedHashMap<>();

        private Builder(String program) {
            arguments.add(program);
        }

        Builder with(String... words) {
            arguments.addAll(List.of(words));
            return this;
        }

        Builder with(List<String> words) {
            arguments.addAll(words);
            return this;
        }

        /** An option and its value, unless there is none. */
        Builder withOption(String option, @Nullable Object value) {
            return value == null ? this : with(option, value.toString());
        }

        Builder variable(String name, @Nullable Object value) {
            if (value != null) {
                environment.put(name, value.toString());
            }
            return this;
        }

        Builder key(String name, @Nullable Secret key) {
            return variable(name, key == null ? null : key.value());
        }

        Builder file(String path, String content) {
            files.put(path, content);
            return this;
        }

        Invocation reading(@Nullable String input) {
            return new Invocation(arguments, environment, files, input);
        }
    }
}
