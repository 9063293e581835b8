package io.loreley.cli;

import io.loreley.agent.AgentSettings;
import io.loreley.agent.PlannerSettings;
import io.loreley.cli.display.Check;
import io.loreley.domain.LoreleyException;
import io.loreley.embedding.EmbeddingKind;
import io.loreley.git.Source;
import io.loreley.llm.ApiKey;
import io.loreley.process.ProcessRunner;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Checks what a project names: its repository and the programs of agent and evaluator. */
final class ProjectChecks {

    private final Project project;
    private final Map<String, String> environment;
    private final InstantSource clock;

    ProjectChecks(Project project, Map<String, String> environment, InstantSource clock) {
        this.clock = clock;
        this.project = project;
        this.environment = environment;
    }

    List<Check> all() {
        List<Check> checks = new ArrayList<>(List.of(repository()));
        boolean several = !project.settings().agents().isEmpty();
        project.settings()
                .pool()
                .forEach(each -> checks.addAll(agent(several ? "agent " + each.name() : "agent", each.agent())));
        PlannerSettings planner = project.settings().planner();
        if (planner != null) {
            checks.addAll(agent("planner", planner.asAgent()));
        }
        if (project.settings().embedding().kind() == EmbeddingKind.OPENAI) {
            checks.add(embedder());
        }
        checks.add(program(
                "evaluator", "evaluator.command", project.settings().evaluator().command()));
        return checks;
    }

    private List<Check> agent(String section, AgentSettings agent) {
        return switch (agent.kind()) {
            case MUTATION -> List.of(Check.ok(section, "mutation, built in"));
            case CODEX, CLAUDE, GEMINI, OPENCODE, CURSOR ->
                new CodingAgentChecks(section, agent, project.folder(), environment).all();
            case COMMAND ->
                agent.planCommand() == null || section.equals("planner")
                        ? List.of(program(section, section + ".command", agent.command()))
                        : List.of(
                                program(section, "agent.command", agent.command()),
                                program("planner", "agent.plan-command", agent.planCommand()));
        };
    }

    private Check embedder() {
        try (Models models = new Models(project.settings(), environment, clock)) {
            return Check.ok("embedding", models.embedder().model());
        } catch (LoreleyException e) {
            return Check.failed(
                    "embedding",
                    String.valueOf(e.getMessage()),
                    "correct `embedding` and `llm` in %s, or the environment variable %s"
                            .formatted(Project.FILE, ApiKey.VARIABLE));
        }
    }

    private Check repository() {
        ProjectSettings settings = project.settings();
        try (ProcessRunner processes = new ProcessRunner()) {
            Source source = Source.detect(settings.repository(), project.folder(), settings.importFolder(), processes);
            return Check.ok(
                    "repository", source.describe() + (source instanceof Source.FolderSource ? ", imported" : ""));
        } catch (LoreleyException e) {
            return Check.failed(
                    "repository", String.valueOf(e.getMessage()), "correct the key 'repository' of " + Project.FILE);
        }
    }

    private Check program(String name, String key, List<String> command) {
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

    private boolean isFound(String program) {
        if (program.contains("/")) {
            return Files.isExecutable(project.folder().resolve(program));
        }
        return Stream.of(environment.getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator)))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private String expand(String argument) {
        return argument.replace("${project}", project.folder().toString())
                .replace(
                        "${java}",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }
}
