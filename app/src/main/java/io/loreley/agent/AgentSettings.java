package io.loreley.agent;

import io.loreley.domain.Setting;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who changes the code, or plans the change. */
public record AgentSettings(
        @Setting(
                doc = "Who it is: `codex`, `claude`, `gemini`, `opencode` or `cursor`, coding agents with a command "
                        + "line; `command`, a program of yours; or `mutation`, random edits that need no language "
                        + "model.",
                fallback = "command")
        AgentKind kind,

        @Setting(doc = "The language model, as the coding agent names it; absent for the agent's own choice.") @Nullable
        String model,

        @Setting(
                doc = "What becomes of an answer that does not fit the report's schema: `strict`, the job fails; "
                        + "`lenient`, the agent is asked once more and the rest is mended; `none`, any answer will do. "
                        + "For coding agents only.",
                fallback = "lenient")
        SchemaMode schemaMode,

        @Setting(doc = "How the coding agent is called.") CliSettings cli,

        @Setting(
                doc = "The program that changes the work tree, as a list of arguments. ${project} is the project's "
                        + "folder, ${java} the java that runs Loreley. Required for the kind `command`.",
                fallback = "[]")
        List<String> command,

        @Setting(
                doc = "A program that plans before the coding program runs; absent for no planning stage. For the kind "
                        + "`command`; any other planner is set under `planner`.")
        @Nullable
        List<String> planCommand,

        @Setting(
                doc = "How long the coding program may run.",
                fallback = "30m",
                min = 1,
                env = "WORKER_CODING_TIMEOUT_SECONDS")
        Duration timeout,

        @Setting(
                doc = "How long the planning program may run.",
                fallback = "15m",
                min = 1,
                env = "WORKER_PLANNING_TIMEOUT_SECONDS")
        Duration planTimeout,

        @Setting(
                doc = "Environment variables handed to the program besides PATH, HOME, LANG and TMPDIR; by name.",
                fallback = "[]")
        List<String> passEnvironment,

        @Setting(doc = "What it can reach of the machine, and how much of it it may use.")
        ContainmentSettings limits) {

    public AgentSettings {
        command = List.copyOf(command);
        planCommand = planCommand == null ? null : List.copyOf(planCommand);
        passEnvironment = List.copyOf(passEnvironment);
        if (planCommand != null && kind.cli().isPresent()) {
            throw new IllegalArgumentException(
                    "plan-command goes with kind command: name the planner of %s in the section planner"
                            .formatted(kind.word()));
        }
    }

    /** A program of the user's, everything else as usual. */
    public static AgentSettings ofCommand(List<String> command, @Nullable List<String> planCommand, Duration time) {
        return new AgentSettings(
                AgentKind.COMMAND,
                null,
                SchemaMode.LENIENT,
                CliSettings.USUAL,
                command,
                planCommand,
                time,
                time,
                List.of(),
                ContainmentSettings.USUAL);
    }
}
