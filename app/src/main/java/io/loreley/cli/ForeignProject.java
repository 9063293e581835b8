package io.loreley.cli;

import io.loreley.cli.InitCommand.Origin;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Limits;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.json.JsonMapper;

/**
 * An example that was made for OpenEvolve or ShinkaEvolve: an evaluator, a program, and what the system was told of them.
 *
 * @param folder absolute
 * @param evaluator the file's name in the folder
 * @param program the file's name in the folder
 * @param goal what the system's models were told, if that could be found
 * @param lines what else its settings say of the evaluator, as lines below {@code evaluator}
 */
record ForeignProject(
        Path folder,
        Origin origin,
        String evaluator,
        String program,
        @Nullable String goal,
        List<String> lines) {

    /** The folder that the program is copied to. */
    private static final String EVOLVED = "program";

    private static final Pattern SHINKA_GOAL =
            Pattern.compile("\\w*(?:task_)?sys_msg\\s*=\\s*\\(?\\s*f?(\"\"\"|''')(.+?)\\1", Pattern.DOTALL);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    ForeignProject {
        lines = List.copyOf(lines);
    }

    /**
     * Looks at a folder.
     *
     * @throws LoreleyException of kind CONFIGURATION if it holds no evaluator, or not exactly one program, under the names
     *     that the system gives them
     */
    static ForeignProject in(Path place, Origin origin, @Nullable Path chosen) {
        Path folder = place.toAbsolutePath().normalize();
        String evaluator = origin == Origin.OPENEVOLVE ? "evaluator.py" : "evaluate.py";
        if (!Files.isRegularFile(folder.resolve(evaluator))) {
            throw refused("%s has no %s, which is where %s has its evaluator".formatted(folder, evaluator, origin));
        }
        try {
            String program = chosen == null ? program(folder, origin) : inside(folder, chosen);
            if (!Files.isRegularFile(folder.resolve(program))) {
                throw refused("%s has no file %s".formatted(folder, program));
            }
            return switch (origin) {
                case OPENEVOLVE -> openEvolve(folder, evaluator, program);
                case SHINKA -> new ForeignProject(folder, origin, evaluator, program, shinkaGoal(folder), List.of());
            };
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "%s cannot be read: %s".formatted(folder, e), e);
        }
    }

    /** It is copied to the same place below another folder, so that it has to have one below this. */
    private static String inside(Path folder, Path chosen) {
        Path file = folder.resolve(chosen).normalize();
        if (!file.startsWith(folder)) {
            throw refused(
                    "--program: %s is not in %s; name a file in there, as seen from there".formatted(chosen, folder));
        }
        return folder.relativize(file).toString();
    }

    private static String program(Path folder, Origin origin) throws IOException {
        String prefix = origin == Origin.OPENEVOLVE ? "initial_program." : "initial.";
        try (Stream<Path> files = Files.list(folder)) {
            List<String> found = files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .sorted()
                    .toList();
            if (found.size() != 1) {
                throw refused("%s should have one file %s*, and has %s; name the program with --program"
                        .formatted(folder, prefix, found.isEmpty() ? "none" : String.join(", ", found)));
            }
            return found.getFirst();
        }
    }

    private static ForeignProject openEvolve(Path folder, String evaluator, String program) throws IOException {
        Map<?, ?> config = config(folder);
        Map<?, ?> settings = map(config, "evaluator");
        StringBuilder python = new StringBuilder();
        if (settings.get("cascade_thresholds") instanceof List<?> thresholds && !thresholds.isEmpty()) {
            python.append("python.thresholds: [%s]"
                    .formatted(thresholds.stream()
                            .filter(Number.class::isInstance)
                            .limit(2)
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "))));
        }
        List<String> lines = Stream.of(
                        python.toString(),
                        settings.get("timeout") instanceof Number seconds
                                ? "timeout: %ds".formatted(Math.max(1, (long) Math.ceil(3 * seconds.doubleValue())))
                                : "")
                .filter(line -> !line.isEmpty())
                .toList();
        Object message = map(config, "prompt").get("system_message");
        return new ForeignProject(
                folder, Origin.OPENEVOLVE, evaluator, program, message instanceof String text ? text : null, lines);
    }

    /** What cannot be read says nothing; the evaluator does not depend on it. */
    private static Map<?, ?> config(Path folder) throws IOException {
        Path file = folder.resolve("config.yaml");
        if (!Files.isRegularFile(file)) {
            return Map.of();
        }
        try {
            return new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file))
                            instanceof Map<?, ?> map
                    ? map
                    : Map.of();
        } catch (YamlEngineException e) {
            throw refused("%s is no YAML: %s".formatted(file, Limits.oneLine(e.getMessage())));
        }
    }

    private static Map<?, ?> map(Map<?, ?> map, String key) {
        return map.get(key) instanceof Map<?, ?> inner ? inner : Map.of();
    }

    private static @Nullable String shinkaGoal(Path folder) throws IOException {
        for (String name : List.of("run_evo.py", "run_async_evo.py", "shinka_long.py")) {
            if (Files.isRegularFile(folder.resolve(name))) {
                Matcher matcher = SHINKA_GOAL.matcher(Files.readString(folder.resolve(name)));
                if (matcher.find()) {
                    return matcher.group(2);
                }
            }
        }
        return null;
    }

    /** Writes the settings, and the program into a folder of its own. */
    List<Path> write() {
        Path settings = folder.resolve(Project.FILE);
        Path copy = folder.resolve(EVOLVED).resolve(program);
        if (Files.exists(settings)) {
            throw refused("%s exists already; it is left as it is".formatted(settings));
        }
        if (Files.exists(folder.resolve(EVOLVED))) {
            throw refused("%s exists already, and would be what evolves; move it away".formatted(copy.getParent()));
        }
        try {
            Files.createDirectories(Objects.requireNonNull(copy.getParent()));
            Files.copy(folder.resolve(program), copy);
            Files.writeString(settings, yaml());
            return List.of(settings, copy);
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE, "%s cannot be written: %s".formatted(settings, Reason.of(e)), e);
        }
    }

    private String yaml() {
        StringBuilder python = new StringBuilder("  python:\n");
        python.append("    plugin: \"${project}/%s\"\n    program: %s\n".formatted(evaluator, quoted(program)));
        StringBuilder rest = new StringBuilder();
        for (String line : lines) {
            if (line.startsWith("python.")) {
                python.append("    ").append(line.substring("python.".length())).append('\n');
            } else {
                rest.append("  ").append(line).append('\n');
            }
        }
        return """
                # Made by `loreley init --from %s`. docs/evaluation.md explains the evaluator, docs/settings.md every key.
                name: %s
                goal: |
                %s
                # What evolves: a copy of %s, imported into a repository that Loreley manages.
                repository: %s
                import: true

                # Needs no key. For a language model, name another kind: docs/agents.md.
                agent: {kind: mutation}

                evaluator:
                  kind: %s
                %s%sobjective: {metric: combined_score}

                budget: {jobs: 100}
                """.formatted(
                origin, quoted(name()), indented(), quoted(program), EVOLVED, origin, python, rest.append('\n'));
    }

    /** A text of YAML, whatever is in it. */
    private static String quoted(String text) {
        return JSON.writeValueAsString(text);
    }

    private String name() {
        String name = folder.getFileName()
                .toString()
                .replaceAll("[^A-Za-z0-9_-]+", "-")
                .replaceAll("^-+|-+$", "");
        return name.isEmpty() ? origin.toString() : name;
    }

    private String indented() {
        String text = Optional.ofNullable(goal)
                .filter(words -> !words.isBlank())
                .orElse("Raise combined_score, which %s computes from %s.".formatted(evaluator, program));
        return text.strip().lines().map(line -> ("  " + line).stripTrailing()).collect(Collectors.joining("\n"));
    }

    private static LoreleyException refused(String message) {
        return new LoreleyException(FailureKind.CONFIGURATION, message);
    }
}
