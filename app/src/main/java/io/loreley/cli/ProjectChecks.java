package io.loreley.cli;

import io.loreley.agent.AgentSettings;
import io.loreley.agent.PlannerSettings;
import io.loreley.cli.display.Check;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.RunEvent;
import io.loreley.embedding.EmbeddingKind;
import io.loreley.git.Source;
import io.loreley.llm.ApiKey;
import io.loreley.process.ProcessRunner;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks what a project names: its repository and the programs of agent and evaluator. */
final class ProjectChecks {

    private final Project project;
    private final Map<String, String> environment;
    private final InstantSource clock;
    private final NamedPrograms programs;

    ProjectChecks(Project project, Map<String, String> environment, InstantSource clock) {
        this.clock = clock;
        this.project = project;
        this.environment = environment;
        this.programs = new NamedPrograms(project.folder(), environment);
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
        if (project.settings().llm().model() != null) {
            checks.add(completions());
        }
        checks.addAll(new EvaluatorChecks(project.settings().evaluator(), programs).all());
        checks.addAll(isolation());
        return checks;
    }

    private List<Check> agent(String section, AgentSettings agent) {
        return switch (agent.kind()) {
            case MUTATION -> List.of(Check.ok(section, "mutation, built in"));
            case CODEX, CLAUDE, GEMINI, OPENCODE, CURSOR ->
                new CodingAgentChecks(section, agent, project.folder(), environment).all();
            case COMMAND ->
                agent.planCommand() == null || section.equals("planner")
                        ? List.of(programs.check(section, section + ".command", agent.command()))
                        : List.of(
                                programs.check(section, "agent.command", agent.command()),
                                programs.check("planner", "agent.plan-command", agent.planCommand()));
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

    private Check completions() {
        List<Check> checks = new ArrayList<>();
        String fix = "correct `llm` in %s, or the environment variable %s".formatted(Project.FILE, ApiKey.VARIABLE);
        try (Models models = new Models(project.settings(), environment, clock)) {
            models.completions(away -> checks.add(Check.warning("llm", String.valueOf(away.getMessage()), fix)))
                    .filter(_ -> checks.isEmpty())
                    .ifPresent(answering -> checks.add(Check.ok("llm", answering.model())));
        } catch (LoreleyException e) {
            checks.add(Check.failed("llm", String.valueOf(e.getMessage()), fix));
        }
        return checks.getFirst();
    }

    private Check repository() {
        ProjectSettings settings = project.settings();
        if (!programs.isFound("git")) {
            return Check.failed("repository", "nothing can be said of it without git", "put git on the PATH");
        }
        try (ProcessRunner processes = new ProcessRunner()) {
            Source source = Source.detect(settings.repository(), project.folder(), settings.importFolder(), processes);
            if (source instanceof Source.GitSource git && git.root() != null) {
                if (!git.has(settings.root() + "^{commit}", processes)) {
                    return Check.failed(
                            "repository",
                            "%s has no commit '%s'".formatted(source.describe(), settings.root()),
                            "commit something there, or correct the key 'root' of " + Project.FILE);
                }
                if (!git.subfolder().isEmpty() && !git.has(settings.root() + ":" + git.subfolder(), processes)) {
                    return Check.failed(
                            "repository",
                            "'%s' of %s has no folder '%s'".formatted(settings.root(), git.location(), git.subfolder()),
                            "commit it there, or set `import: true` to evolve a copy of its files");
                }
            }
            return Check.ok(
                    "repository", source.describe() + (source instanceof Source.FolderSource ? ", imported" : ""));
        } catch (LoreleyException e) {
            return Check.failed(
                    "repository", String.valueOf(e.getMessage()), "correct the key 'repository' of " + Project.FILE);
        }
    }

    /** One for each shortfall, as a run tells them at its start. */
    private List<Check> isolation() {
        try {
            List<RunEvent.Loose> shortfalls = Confinement.shortfalls(project.settings());
            return shortfalls.isEmpty()
                    ? List.of(Check.ok("isolation", "as the settings say"))
                    : shortfalls.stream()
                            .map(loose -> Check.warning(
                                    "isolation",
                                    "%s: %s".formatted(String.join(", ", loose.programs()), loose.shortfall()),
                                    Confinement.FIX))
                            .toList();
        } catch (LoreleyException e) {
            return List.of(
                    Check.failed("isolation", String.valueOf(e.getMessage()), "correct isolation in " + Project.FILE));
        }
    }
}
