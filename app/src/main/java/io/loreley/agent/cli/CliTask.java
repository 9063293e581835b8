package io.loreley.agent.cli;

import io.loreley.domain.Secret;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a coding agent is to do in one run.
 *
 * @param mayEdit whether it may change files and run programs; otherwise it reads
 * @param schema the JSON schema of its last message; absent for free text, or where it stands in the prompt
 * @param workTree where it works
 * @param home a folder of its own for this run, for its settings and caches; removed afterwards
 */
public record CliTask(
        boolean mayEdit, String prompt, @Nullable String schema, Path workTree, Path home, Options options) {

    /**
     * What does not change from run to run.
     *
     * @param program what is started, where it is not the agent's usual program
     * @param model as the agent names it; absent for its own choice
     * @param arguments handed over besides, in front of nothing else
     * @param baseUrl of the provider; absent for its usual one
     * @param key of the provider; absent where it wants none
     * @param maxCostUsd what one run may cost; absent for no limit
     */
    public record Options(
            @Nullable String program,
            @Nullable String model,
            List<String> arguments,
            @Nullable String baseUrl,
            @Nullable Secret key,
            @Nullable Double maxCostUsd) {

        public Options {
            arguments = List.copyOf(arguments);
        }
    }
}
