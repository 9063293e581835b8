package io.loreley.cli;

import io.loreley.agent.AgentSettings;
import io.loreley.agent.cli.AgentCli;
import io.loreley.cli.display.Check;
import io.loreley.domain.Limits;
import io.loreley.domain.LoreleyException;
import io.loreley.process.BaseEnvironment;
import io.loreley.process.Captured;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Checks a coding agent: that its program starts, and that there is a key for it. */
final class CodingAgentChecks {

    /** Some of them are slow to start on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int VERSION_LENGTH = 80;

    private final String section;
    private final AgentSettings agent;
    private final AgentCli cli;
    private final Path project;
    private final Map<String, String> environment;

    CodingAgentChecks(String section, AgentSettings agent, Path project, Map<String, String> environment) {
        this.section = section;
        this.agent = agent;
        this.cli = agent.kind().cli().orElseThrow();
        this.project = project;
        this.environment = environment;
    }

    List<Check> all() {
        List<Check> checks = new ArrayList<>(List.of(version()));
        try {
            cli.requireUsable(agent.model(), agent.cli().baseUrl());
        } catch (LoreleyException e) {
            checks.add(Check.failed(
                    section, String.valueOf(e.getMessage()), "correct %s in %s".formatted(section, Project.FILE)));
        }
        if (agent.cli().baseUrl() == null || agent.cli().keyVariable() != null) {
            checks.add(key());
        }
        return checks;
    }

    private Check version() {
        String program = Objects.requireNonNullElse(agent.cli().program(), cli.program());
        String fix = "install it: %s; or name its program in %s.cli.program".formatted(cli.installation(), section);
        Map<String, String> quiet = new HashMap<>(BaseEnvironment.of(environment, List.of()));
        quiet.put("CI", "1");
        quiet.put("NO_COLOR", "1");
        quiet.put("DISABLE_AUTOUPDATER", "1");
        quiet.put("OPENCODE_DISABLE_AUTOUPDATE", "1");
        try (ProcessRunner processes = new ProcessRunner()) {
            Captured answer = processes.answer(
                    List.of(program, "--version"),
                    project,
                    quiet,
                    null,
                    new io.loreley.process.Limits(PATIENCE, 1 << 16));
            String version = Limits.clamp(Limits.oneLine(answer.text()), VERSION_LENGTH);
            return answer.success()
                    ? Check.ok(section, "%s %s".formatted(agent.kind().word(), version))
                    : Check.failed(section, answer.describe(), fix);
        } catch (LoreleyException e) {
            return Check.failed(section, String.valueOf(e.getMessage()), fix);
        }
    }

    private Check key() {
        String named = agent.cli().keyVariable();
        List<String> variables = named == null ? cli.keyVariables() : List.of(named);
        return variables.stream()
                .filter(variable -> !environment.getOrDefault(variable, "").isBlank())
                .findFirst()
                .map(variable -> Check.ok(section + " key", variable + " is set"))
                .orElseGet(() -> Check.failed(
                        section + " key",
                        "%s is not set".formatted(String.join(" or ", variables)),
                        "set it where Loreley runs, or name another variable in %s.cli.key-variable"
                                .formatted(section)));
    }
}
