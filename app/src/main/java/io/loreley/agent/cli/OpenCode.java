package io.loreley.agent.cli;

import io.loreley.domain.FailureKind;
import io.loreley.domain.Json;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Secret;
import io.loreley.domain.Usage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * OpenCode. It takes no schema and has no sandbox. A stream of its provider that ends without a reason sends it into an
 * endless loop of calls, which {@link EventStream#fatal} ends.
 */
final class OpenCode implements AgentCli {

    private static final int REQUEST_MILLIS = 600_000;

    @Override
    public String program() {
        return "opencode";
    }

    @Override
    public String installation() {
        return "npm install -g opencode-ai";
    }

    @Override
    public List<String> keyVariables() {
        return List.of("OPENCODE_API_KEY", "OPENAI_API_KEY");
    }

    @Override
    public boolean takesSchema() {
        return false;
    }

    @Override
    public void requireUsable(@Nullable String model, @Nullable String baseUrl) {
        if (model == null || model.indexOf('/') < 1 || model.endsWith("/")) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "The agent opencode needs a model with its provider, as in `model: openai/gpt-5`, and has '%s'."
                            .formatted(model));
        }
    }

    @Override
    public Invocation invocation(CliTask task) {
        CliTask.Options options = task.options();
        String model = Objects.requireNonNull(options.model());
        String home = task.home().toString();
        return Invocation.of(this, task)
                .with("run", "--format", "json", "--pure", "-m", model, "--title", "loreley")
                .with("--agent", task.mayEdit() ? "build" : "plan")
                .with(options.arguments())
                .variable("OPENCODE_CONFIG_CONTENT", Json.write(config(model, task)))
                .variable("XDG_CONFIG_HOME", home + "/config")
                .variable("XDG_DATA_HOME", home + "/data")
                .variable("XDG_STATE_HOME", home + "/state")
                .variable("XDG_CACHE_HOME", home + "/cache")
                .variable("OPENCODE_DISABLE_AUTOUPDATE", 1)
                .variable("OPENCODE_DISABLE_MODELS_FETCH", 1)
                .variable("OPENCODE_DISABLE_LSP_DOWNLOAD", 1)
                .variable("OPENCODE_DISABLE_DEFAULT_PLUGINS", 1)
                .variable("OPENCODE_DISABLE_CLAUDE_CODE", 1)
                .variable("OPENCODE_DISABLE_PROJECT_CONFIG", 1)
                .reading(task.prompt());
    }

    private static Map<String, Object> config(String model, CliTask task) {
        int slash = model.indexOf('/');
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("timeout", REQUEST_MILLIS);
        Secret key = task.options().key();
        if (key != null) {
            options.put("apiKey", key.value());
        }
        Map<String, Object> provider = new LinkedHashMap<>();
        provider.put("options", options);
        if (task.options().baseUrl() != null) {
            options.put("baseURL", task.options().baseUrl());
            provider.put("npm", "@ai-sdk/openai-compatible");
            provider.put("models", Map.of(model.substring(slash + 1), Map.of()));
        }
        String permission = task.mayEdit() ? "allow" : "deny";
        return Map.of(
                "provider",
                Map.of(model.substring(0, slash), provider),
                "permission",
                Map.of("edit", permission, "bash", permission));
    }

    @Override
    public EventStream events(CliTask task) {
        return new Events(task.options());
    }

    private static final class Events extends EventStream {

        private final CliTask.Options options;
        private String message = "";
        private String reason = "";
        private double cost;
        private @Nullable JsonNode error;

        Events(CliTask.Options options) {
            super(options.model());
            this.options = options;
        }

        @Override
        boolean event(JsonNode event) {
            switch (text(event, "/type")) {
                case "text" -> {
                    answered();
                    message = text(event, "/part/text");
                }
                case "tool_use" -> answered();
                case "step_finish" -> {
                    answered();
                    finished(event);
                }
                case "error" -> error = event;
                case "step_start" -> {}
                default -> {
                    return false;
                }
            }
            return true;
        }

        private void finished(JsonNode event) {
            reason = text(event, "/part/reason");
            long cached = count(event, "/part/tokens/cache/read");
            long input = count(event, "/part/tokens/input") + cached + count(event, "/part/tokens/cache/write");
            long output = count(event, "/part/tokens/output") + count(event, "/part/tokens/reasoning");
            Double step = money(event, "/part/cost");
            // Where it knows no price it says 0.
            Double known = step != null && step > 0 ? step : null;
            spend(new Usage(model(), input, cached, output, known));
            cost += known == null ? 0 : known;
            if (reason.equals("unknown")) {
                endNow(ProviderFault.failed(
                        FailureKind.AGENT_UNAVAILABLE,
                        "a stream ended without a reason, after which it calls forever"));
            } else if (options.maxCostUsd() != null && cost > options.maxCostUsd()) {
                endNow(ProviderFault.failed(FailureKind.AGENT_BUDGET, "the limit in US dollars"));
            }
        }

        @Override
        public Verdict verdict(int exit, String stderr) {
            if (error != null) {
                int status = (int) Math.min(count(error, "/error/data/statusCode"), Integer.MAX_VALUE);
                String said = text(error, "/error/data/message");
                String words = said.isEmpty() ? text(error, "/error/name") : said;
                return status == 0 ? ProviderFault.of(words) : ProviderFault.of(status, words);
            }
            if (exit == 0 && !reason.isEmpty() && !reason.equals("tool-calls")) {
                return new Verdict.Answered(message);
            }
            return ended(exit, stderr);
        }
    }
}
