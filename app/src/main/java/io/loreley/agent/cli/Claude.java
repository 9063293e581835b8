package io.loreley.agent.cli;

import io.loreley.domain.FailureKind;
import io.loreley.domain.Usage;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Anthropic's Claude Code. It checks the answer against the schema and tells tokens and cost. It has no sandbox: a
 * program that it runs may write anywhere, and it may commit.
 */
final class Claude implements AgentCli {

    private static final int RETRIES = 3;
    private static final int REQUEST_MILLIS = 600_000;

    /** Without it, a stream that stalls in the middle is waited for without end. */
    private static final int STREAM_IDLE_MILLIS = 120_000;

    /** Fewer than a token of prose or code has, so that an estimate is rather too high. */
    private static final int LETTERS_PER_TOKEN = 3;

    @Override
    public String program() {
        return "claude";
    }

    @Override
    public String installation() {
        return "npm install -g @anthropic-ai/claude-code";
    }

    @Override
    public List<String> keyVariables() {
        return List.of("ANTHROPIC_API_KEY");
    }

    @Override
    public boolean takesSchema() {
        return true;
    }

    @Override
    public void requireUsable(@Nullable String model, @Nullable String baseUrl) {
        // It has a model of its own choice, and may be told where its provider is.
    }

    @Override
    public Invocation invocation(CliTask task) {
        CliTask.Options options = task.options();
        return Invocation.of(this, task)
                .with("-p", "--output-format", "stream-json", "--verbose")
                .withOption("--model", options.model())
                .withOption("--json-schema", task.schema())
                .with("--no-session-persistence", "--setting-sources", "", "--strict-mcp-config")
                .with("--disable-slash-commands", "--no-chrome")
                .withOption("--max-budget-usd", options.maxCostUsd())
                .with(
                        task.mayEdit()
                                ? List.of(
                                        "--permission-mode",
                                        "acceptEdits",
                                        "--allowedTools",
                                        "Bash,Edit,Write,Read,Grep,Glob")
                                : List.of("--permission-mode", "dontAsk", "--tools", "Read,Grep,Glob"))
                .with(options.arguments())
                .variable("CLAUDE_CONFIG_DIR", task.home())
                .key("ANTHROPIC_API_KEY", options.key())
                .variable("ANTHROPIC_BASE_URL", options.baseUrl())
                .variable("DISABLE_AUTOUPDATER", 1)
                .variable("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", 1)
                .variable("DISABLE_TELEMETRY", 1)
                .variable("DISABLE_ERROR_REPORTING", 1)
                .variable("CLAUDE_CODE_MAX_RETRIES", RETRIES)
                .variable("API_TIMEOUT_MS", REQUEST_MILLIS)
                .variable("CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS", STREAM_IDLE_MILLIS)
                .reading(task.prompt());
    }

    @Override
    public EventStream events(CliTask task) {
        return new Events(task.options().model());
    }

    private static final class Events extends EventStream {

        /** By message, because each part of a message repeats the usage of all of it. */
        private final Map<String, Usage> messages = new LinkedHashMap<>();

        private final Map<String, Integer> written = new HashMap<>();

        private String said = "";
        private String report = "";
        private @Nullable JsonNode result;

        Events(@Nullable String model) {
            super(model);
        }

        @Override
        boolean event(JsonNode event) {
            switch (text(event, "/type")) {
                case "assistant" -> {
                    answered();
                    String of = text(event, "/message/model");
                    String id = text(event, "/message/id");
                    JsonNode content = event.at("/message/content");
                    messages.put(id, usage(of.isEmpty() ? model() : of, event.at("/message/usage"), null));
                    written.merge(id, content.toString().length(), Integer::sum);
                    content.forEach(this::listen);
                }
                case "result" -> {
                    if (result == null) {
                        result = event;
                        spendOf(event);
                    }
                }
                case "system", "user" -> {}
                default -> {
                    return false;
                }
            }
            return true;
        }

        /** What it says is its last word if it finds no end; a report that does not fit its schema is one, too. */
        private void listen(JsonNode block) {
            if (text(block, "/type").equals("text")) {
                said = text(block, "/text");
            } else if (text(block, "/name").equals("StructuredOutput")) {
                report = block.at("/input").toString();
            }
        }

        /** Of a run that was killed, what its messages said is known, and what they held. */
        @Override
        void settle() {
            if (result == null) {
                messages.forEach((id, usage) -> spend(estimated(usage, written.getOrDefault(id, 0))));
            }
        }

        /** A message repeats the count of its beginning, which is a few tokens, however long it became. */
        private static Usage estimated(Usage told, int written) {
            boolean isTold = told.inputTokens() + told.outputTokens() > 0;
            return !isTold
                    ? told
                    : new Usage(
                            told.model(),
                            told.inputTokens(),
                            told.cachedInputTokens(),
                            Math.max(told.outputTokens(), written / LETTERS_PER_TOKEN),
                            null);
        }

        private void spendOf(JsonNode result) {
            JsonNode models = result.at("/modelUsage");
            if (models.isObject() && !models.isEmpty()) {
                models.properties()
                        .forEach(entry -> spend(new Usage(
                                entry.getKey(),
                                count(entry.getValue(), "/inputTokens")
                                        + count(entry.getValue(), "/cacheReadInputTokens")
                                        + count(entry.getValue(), "/cacheCreationInputTokens"),
                                count(entry.getValue(), "/cacheReadInputTokens"),
                                count(entry.getValue(), "/outputTokens"),
                                money(entry.getValue(), "/costUSD"))));
            } else {
                spend(usage(model(), result.at("/usage"), money(result, "/total_cost_usd")));
            }
        }

        /** Its input_tokens are those that came from no cache. */
        private static Usage usage(@Nullable String model, JsonNode usage, @Nullable Double cost) {
            long cached = count(usage, "/cache_read_input_tokens");
            long input = count(usage, "/input_tokens") + cached + count(usage, "/cache_creation_input_tokens");
            return new Usage(model, input, cached, count(usage, "/output_tokens"), cost);
        }

        @Override
        public Verdict verdict(int exit, String error) {
            if (result == null) {
                return ended(exit, error);
            }
            String subtype = text(result, "/subtype");
            switch (subtype) {
                case "error_max_budget_usd" -> {
                    return ProviderFault.failed(FailureKind.AGENT_BUDGET, "the limit in US dollars");
                }
                case "error_max_turns" -> {
                    return ProviderFault.failed(FailureKind.AGENT_BUDGET, "the limit of turns");
                }
                case "error_max_structured_output_retries" -> {
                    // It did its work, and cannot word the report.
                    return new Verdict.Answered(report.isEmpty() ? said : report);
                }
                default -> {}
            }
            if (result.at("/is_error").asBoolean(false) || subtype.startsWith("error")) {
                int status = (int) Math.min(count(result, "/api_error_status"), Integer.MAX_VALUE);
                return status == 0 ? ProviderFault.of(fault(result)) : ProviderFault.of(status, fault(result));
            }
            JsonNode output = result.at("/structured_output");
            return new Verdict.Answered(output.isObject() ? output.toString() : text(result, "/result"));
        }

        private static String fault(JsonNode result) {
            String said = text(result, "/result");
            return said.isEmpty()
                    ? result.at("/errors").valueStream().map(JsonNode::asString).collect(Collectors.joining("; "))
                    : said;
        }
    }
}
