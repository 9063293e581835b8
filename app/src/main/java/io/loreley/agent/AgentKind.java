package io.loreley.agent;

import java.util.Locale;

/** Who an agent is. */
public enum AgentKind {
    /** A program of the user's under the file contract. */
    COMMAND,
    /** Random edits, built in, without a language model. */
    MUTATION;

    /** The word that settings use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
