package io.loreley.agent;

import io.loreley.domain.Setting;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who changes the code. */
public record AgentSettings(
        @Setting(
                doc = "Who it is: `command`, a program of yours, or `mutation`, random edits that need no language "
                        + "model.",
                fallback = "command")
        AgentKind kind,

        @Setting(
                doc = "The program that changes the work tree, as a list of arguments. ${project} is the project's "
                        + "folder, ${java} the java that runs Loreley. Required for the kind `command`.",
                fallback = "[]")
        List<String> command,

        @Setting(doc = "A program that plans before the coding program runs; absent for no planning stage.") @Nullable
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
        List<String> passEnvironment) {

    public AgentSettings {
        command = List.copyOf(command);
        planCommand = planCommand == null ? null : List.copyOf(planCommand);
        passEnvironment = List.copyOf(passEnvironment);
    }
}
