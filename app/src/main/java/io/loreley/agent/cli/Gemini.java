package io.loreley.agent.cli;

import io.loreley.domain.FailureKind;
import io.loreley.domain.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Google's Gemini CLI. It takes no schema and has no sandbox. Its exit code is the HTTP status of a failure modulo 256,
 * and 0 after a stream that was cut off or a SIGTERM.
 */
final class Gemini implements AgentCli {

    private static final String SETTINGS = """
            {
              "security": {"auth": {"selectedType": "gemini-api-key"}},
              "general": {
                "enableAutoUpdate": false,
                "enableAutoUpdateNotification": false,
                "maxAttempts": 2,
                "retryFetchErrors": false
              },
              "privacy": {"usageStatisticsEnabled": false},
              "model": {"maxSessionTurns": 50}
            }
            """;

    private static final int NO_KEY = 41;
    private static final int TURN_LIMIT = 53;

    /** HTTP statuses that an exit code can stand for. */
    private static final List<Integer> STATUSES = List.of(400, 401, 403, 408, 429, 500, 502, 503, 504);

    @Override
    public String program() {
        return "gemini";
    }

    @Override
    public String installation() {
        return "npm install -g @google/gemini-cli";
    }

    @Override
    public List<String> keyVariables() {
        return List.of("GEMINI_API_KEY");
    }

    @Override
    public boolean takesSchema() {
        return false;
    }

    @Override
    public void requireUsable(@Nullable String model, @Nullable String baseUrl) {
        // It has a model of its own choice, and may be told where its provider is.
    }

    @Override
    public Invocation invocation(CliTask task) {
        CliTask.Options options = task.options();
        return Invocation.of(this, task)
                .withOption("-m", options.model())
                .with("-o", "stream-json")
                .with("--approval-mode", task.mayEdit() ? "yolo" : "plan")
                .with("--skip-trust", "-e", "none")
                .with(options.arguments())
                .file(".gemini/settings.json", SETTINGS)
                .variable("GEMINI_CLI_HOME", task.home())
                .key("GEMINI_API_KEY", options.key())
                .variable("GOOGLE_GEMINI_BASE_URL", options.baseUrl())
                .variable("GEMINI_TELEMETRY_ENABLED", false)
                .variable("GEMINI_CLI_TRUST_WORKSPACE", true)
                .variable("GEMINI_SANDBOX", false)
                .reading(task.prompt());
    }

    @Override
    public EventStream events(CliTask task) {
        return new Events(task.options().model());
    }

    private static final class Events extends EventStream {

        private final StringBuilder message = new StringBuilder();
        private String warning = "";
        private @Nullable JsonNode result;

        Events(@Nullable String model) {
            super(model);
        }

        @Override
        boolean event(JsonNode event) {
            switch (text(event, "/type")) {
                case "message" -> {
                    if (text(event, "/role").equals("assistant")) {
                        answered();
                        message.append(text(event, "/content"));
                    }
                }
                case "tool_use" -> {
                    answered();
                    message.setLength(0); // what came before was no last word
                }
                case "error" -> warning = text(event, "/message");
                case "result" -> {
                    if (result == null) {
                        result = event;
                        spend(usage(event));
                    }
                }
                case "init", "tool_result" -> {}
                default -> {
                    return false;
                }
            }
            return true;
        }

        /** Its output_tokens are the answer's alone; what the model thought is in the total. */
        private Usage usage(JsonNode result) {
            long input = count(result, "/stats/input_tokens");
            long cached = Math.min(input, count(result, "/stats/cached"));
            long written = count(result, "/stats/total_tokens") - input;
            return new Usage(model(), input, cached, Math.max(count(result, "/stats/output_tokens"), written), null);
        }

        @Override
        public Verdict verdict(int exit, String error) {
            if (result != null && text(result, "/status").equals("success") && exit == 0) {
                return new Verdict.Answered(message.toString());
            }
            String said = result == null ? "" : text(result, "/error/message");
            String all = String.join("\n", said, warning, error).strip();
            if (exit == NO_KEY) {
                return ProviderFault.failed(FailureKind.AGENT_AUTH, all);
            }
            if (exit == TURN_LIMIT) {
                return ProviderFault.failed(FailureKind.AGENT_BUDGET, "the limit of turns");
            }
            for (int status : STATUSES) {
                if (exit == status % 256) {
                    return ProviderFault.of(status, all);
                }
            }
            return said.isEmpty() && warning.isEmpty() ? ended(exit, error) : ProviderFault.of(all);
        }
    }
}
