package io.loreley.agent.cli;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Cursor's agent, after its documentation: it was never run here. It takes no schema, tells no tokens, and gets the
 * prompt as an argument, which every process of the machine can read.
 */
final class Cursor implements AgentCli {

    /** What Linux allows one argument, less what it needs itself. */
    private static final int LONGEST_ARGUMENT = 131_000;

    @Override
    public String program() {
        return "cursor-agent";
    }

    @Override
    public String installation() {
        return "follow https://cursor.com/docs/cli/installation";
    }

    @Override
    public List<String> keyVariables() {
        return List.of("CURSOR_API_KEY");
    }

    @Override
    public boolean takesSchema() {
        return false;
    }

    @Override
    public void requireUsable(@Nullable String model, @Nullable String baseUrl) {
        if (baseUrl != null) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION, "The agent cursor has no base-url: it talks to Cursor's own servers.");
        }
    }

    @Override
    public Invocation invocation(CliTask task) {
        CliTask.Options options = task.options();
        int bytes = task.prompt().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_ARGUMENT) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "The prompt has %,d bytes, and the agent cursor can be given %,d. Shorten the goal or the templates."
                            .formatted(bytes, LONGEST_ARGUMENT));
        }
        return Invocation.of(this, task)
                .with("-p", "--output-format", "stream-json")
                .withOption("--model", options.model())
                .with(task.mayEdit() ? List.of("--force") : List.of("--mode", "plan"))
                .with("--trust", "--workspace", task.workTree().toString())
                .with(options.arguments())
                .with(task.prompt())
                .key("CURSOR_API_KEY", options.key())
                .reading(null);
    }

    @Override
    public EventStream events(CliTask task) {
        return new Events(task.options().model());
    }

    private static final class Events extends EventStream {

        private @Nullable JsonNode result;

        Events(@Nullable String model) {
            super(model);
        }

        @Override
        boolean event(JsonNode event) {
            switch (text(event, "/type")) {
                case "assistant", "thinking", "tool_call" -> answered();
                case "result" -> {
                    result = event;
                    if (isGood(event)) {
                        answered();
                    }
                }
                case "system", "user" -> {}
                default -> {
                    return false;
                }
            }
            return true;
        }

        private static boolean isGood(JsonNode result) {
            return text(result, "/subtype").equals("success")
                    && !result.at("/is_error").asBoolean(false);
        }

        @Override
        public Verdict verdict(int exit, String error) {
            if (result == null) {
                return ended(exit, error);
            }
            String said = text(result, "/result");
            return isGood(result) ? new Verdict.Answered(said) : ProviderFault.of(said);
        }
    }
}
