package io.loreley.agent;

import io.loreley.agent.cli.AgentCli;
import java.util.Locale;
import java.util.Optional;

/** Who an agent is. */
public enum AgentKind {
    /** OpenAI's Codex CLI. */
    CODEX,
    /** Anthropic's Claude Code. */
    CLAUDE,
    /** Google's Gemini CLI. */
    GEMINI,
    /** OpenCode, with any provider. */
    OPENCODE,
    /** Cursor's agent. */
    CURSOR,
    /** A program of the user's under the file contract. */
    COMMAND,
    /** Random edits, built in, without a language model. */
    MUTATION;

    /** The word that settings use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The command line of a coding agent; absent for the others. */
    public Optional<AgentCli> cli() {
        return switch (this) {
            case CODEX -> Optional.of(AgentCli.CODEX);
            case CLAUDE -> Optional.of(AgentCli.CLAUDE);
            case GEMINI -> Optional.of(AgentCli.GEMINI);
            case OPENCODE -> Optional.of(AgentCli.OPENCODE);
            case CURSOR -> Optional.of(AgentCli.CURSOR);
            case COMMAND, MUTATION -> Optional.empty();
        };
    }
}
