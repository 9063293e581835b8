package io.loreley.agent;

import io.loreley.domain.Setting;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who plans a change, where it is not the one who carries it out. */
public record PlannerSettings(
        @Setting(doc = "Who it is; as `agent.kind`.") AgentKind kind,

        @Setting(doc = "As `agent.model`.") @Nullable String model,

        @Setting(doc = "As `agent.schema-mode`.", fallback = "lenient")
        SchemaMode schemaMode,

        @Setting(doc = "As `agent.cli`.") CliSettings cli,

        @Setting(doc = "The planning program; required for the kind `command`.", fallback = "[]")
        List<String> command,

        @Setting(doc = "How long it may run.", fallback = "15m", min = 1, env = "WORKER_PLANNING_TIMEOUT_SECONDS")
        Duration timeout,

        @Setting(doc = "As `agent.pass-environment`.", fallback = "[]")
        List<String> passEnvironment,

        @Setting(doc = "As `agent.limits`.") ContainmentSettings limits) {

    /** The default of {@code timeout}. */
    public static final Duration USUAL_TIME = Duration.ofMinutes(15);

    public PlannerSettings {
        command = List.copyOf(command);
        passEnvironment = List.copyOf(passEnvironment);
        if (kind == AgentKind.MUTATION) {
            throw new IllegalArgumentException("kind mutation plans nothing: leave planner out");
        }
    }

    /** The same as an agent's, whose coding program is never called. */
    public AgentSettings asAgent() {
        return new AgentSettings(
                kind,
                model,
                schemaMode,
                cli,
                command,
                kind == AgentKind.COMMAND ? command : null,
                timeout,
                timeout,
                passEnvironment,
                limits);
    }
}
