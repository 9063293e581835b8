package io.loreley.cli;

import io.loreley.cli.display.Check;
import io.loreley.domain.LoreleyException;
import io.loreley.process.BaseEnvironment;
import io.loreley.process.Captured;
import io.loreley.process.Limits;
import io.loreley.process.ProcessRunner;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks for the programs that a project's settings name, as a run would find them. */
record NamedPrograms(Path project, Map<String, String> environment) {

    private static final Limits QUESTION = new Limits(Duration.ofSeconds(20), 1 << 16);

    /**
     * Whether there is a program, and each file of the project that its arguments name.
     *
     * @param name what is checked, in a word
     * @param key where the settings say it
     */
    Check check(String name, String key, List<String> command) {
        if (command.isEmpty() || command.getFirst().isBlank()) {
            return Check.failed(name, "no program is named", "set %s in %s".formatted(key, Project.FILE));
        }
        String program = expand(command.getFirst());
        if (!isFound(program)) {
            String where = program.contains("/") ? "is no program" : "is not on the PATH";
            return Check.failed(
                    name,
                    "'%s' %s".formatted(program, where),
                    "install it, or correct %s in %s".formatted(key, Project.FILE));
        }
        return command.stream()
                .skip(1)
                .filter(argument -> argument.startsWith("${project}/"))
                .map(this::expand)
                .filter(argument -> !Files.exists(Path.of(argument)))
                .findFirst()
                .map(missing -> Check.warning(
                        name,
                        missing + " does not exist",
                        "build the project, or correct %s in %s".formatted(key, Project.FILE)))
                .orElseGet(() -> Check.ok(name, program));
    }

    /** Whether a command ends well, and what it says; the fix is what helps if it does not. */
    Check ask(String name, List<String> command, String fix) {
        try (ProcessRunner processes = new ProcessRunner()) {
            Captured answer = processes.answer(
                    command.stream().map(this::expand).toList(),
                    project,
                    BaseEnvironment.of(environment, List.of()),
                    null,
                    QUESTION);
            return answer.success()
                    ? Check.ok(
                            name,
                            "%s, %s".formatted(command.getFirst(), answer.text().strip()))
                    : Check.failed(name, answer.describe(), fix);
        } catch (LoreleyException e) {
            return Check.failed(name, String.valueOf(e.getMessage()), fix);
        }
    }

    boolean isFound(String program) {
        if (program.contains("/")) {
            return Files.isExecutable(project.resolve(program));
        }
        return Stream.of(environment.getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator)))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private String expand(String argument) {
        return argument.replace("${project}", project.toString())
                .replace(
                        "${java}",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }
}
