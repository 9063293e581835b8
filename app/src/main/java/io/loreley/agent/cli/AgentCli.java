package io.loreley.agent.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One coding agent's command line: what it is called with, and what it says of its own accord. Stateless. */
public sealed interface AgentCli permits Codex, Claude, Gemini, OpenCode, Cursor {

    AgentCli CODEX = new Codex();
    AgentCli CLAUDE = new Claude();
    AgentCli GEMINI = new Gemini();
    AgentCli OPENCODE = new OpenCode();
    AgentCli CURSOR = new Cursor();

    /** The program's name on the PATH. */
    String program();

    /** How to get it, for a person who has not. */
    String installation();

    /** The environment variables of Loreley's that may hold the provider's key; the first that is set counts. */
    List<String> keyVariables();

    /** Whether it hands a schema to the provider; otherwise the schema has to stand in the prompt. */
    boolean takesSchema();

    /**
     * Looks at settings before they are used.
     *
     * @throws io.loreley.domain.LoreleyException with kind CONFIGURATION if it cannot be called with them
     */
    void requireUsable(@Nullable String model, @Nullable String baseUrl);

    /**
     * How it is called for a task.
     *
     * @throws io.loreley.domain.LoreleyException with kind CONFIGURATION if it cannot be called so
     */
    Invocation invocation(CliTask task);

    /** Reads what one run says. */
    EventStream events(CliTask task);
}
