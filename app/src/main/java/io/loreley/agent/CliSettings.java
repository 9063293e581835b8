package io.loreley.agent;

import io.loreley.domain.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a coding agent's command line is called. */
public record CliSettings(
        @Setting(doc = "The program, where it is not on the PATH under its usual name.") @Nullable
        String program,

        @Setting(doc = "Arguments handed over besides Loreley's own.", fallback = "[]")
        List<String> arguments,

        @Setting(
                doc = "The environment variable that holds the provider's key; absent for the agent's usual one. Most "
                        + "agents hand it on to the commands that they run; docs/agents.md says which.")
        @Nullable
        String keyVariable,

        @Setting(doc = "Where the provider is reached; absent for its usual address. With it, no key is required.")
        @Nullable
        String baseUrl) {

    /** The defaults. */
    public static final CliSettings USUAL = new CliSettings(null, List.of(), null, null);

    public CliSettings {
        arguments = List.copyOf(arguments);
        if (baseUrl != null && baseUrl.contains("@")) {
            throw new IllegalArgumentException(
                    "base-url must not hold a password: name the variable that holds the key in key-variable");
        }
    }
}
