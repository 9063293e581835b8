package io.loreley.agent.cli;

import io.loreley.domain.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * OpenAI's Codex CLI. It has a sandbox of its own, which keeps an edit inside the work tree and {@code .git} read-only.
 * It hands the schema to its provider and does not check the answer against it.
 */
final class Codex implements AgentCli {

    /** With a provider of one's own; the built-in one retries by its own rules. */
    private static final int RETRIES = 2;

    private static final int STREAM_IDLE_MILLIS = 120_000;

    @Override
    public String program() {
        return "codex";
    }

    @Override
    public String installation() {
        return "npm install -g @openai/codex";
    }

    @Override
    public List<String> keyVariables() {
        return List.of("CODEX_API_KEY", "OPENAI_API_KEY");
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
        Invocation.Builder call = Invocation.of(this, task)
                .with("exec", "--json", "--color", "never", "--ephemeral", "--ignore-user-config", "--ignore-rules")
                .withOption("-m", options.model());
        if (task.schema() != null) {
            call.file("schema.json", task.schema())
                    .with("--output-schema", task.home().resolve("schema.json").toString());
        }
        call.with("-s", task.mayEdit() ? "workspace-write" : "read-only");
        set(call, "approval_policy", quoted("never"));
        set(call, "analytics.enabled", "false");
        set(call, "check_for_update_on_startup", "false");
        set(call, "feedback.enabled", "false");
        set(call, "web_search", quoted("disabled"));
        set(call, "history.persistence", quoted("none"));
        set(call, "sandbox_workspace_write.exclude_slash_tmp", "true");
        // TMPDIR is a folder of this run, and builds need one.
        set(call, "sandbox_workspace_write.exclude_tmpdir_env_var", "false");
        set(call, "shell_environment_policy.ignore_default_excludes", "false");
        call.with("--disable", "daemon_auto_start");
        if (options.baseUrl() != null) {
            provider(call, options.baseUrl());
        }
        return call.with(options.arguments())
                .with("-")
                .variable("CODEX_HOME", task.home())
                .key("CODEX_API_KEY", options.key())
                .reading(task.prompt());
    }

    private static void provider(Invocation.Builder call, String baseUrl) {
        set(call, "model_provider", quoted("loreley"));
        set(call, "model_providers.loreley.name", quoted("loreley"));
        set(call, "model_providers.loreley.base_url", quoted(baseUrl));
        set(call, "model_providers.loreley.env_key", quoted("CODEX_API_KEY"));
        set(call, "model_providers.loreley.wire_api", quoted("responses"));
        set(call, "model_providers.loreley.request_max_retries", String.valueOf(RETRIES));
        set(call, "model_providers.loreley.stream_max_retries", String.valueOf(RETRIES));
        set(call, "model_providers.loreley.stream_idle_timeout_ms", String.valueOf(STREAM_IDLE_MILLIS));
    }

    private static void set(Invocation.Builder call, String key, String toml) {
        call.with("-c", key + "=" + toml);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    @Override
    public EventStream events(CliTask task) {
        return new Events(task.options().model());
    }

    private static final class Events extends EventStream {

        private String message = "";
        private String warning = "";
        private @Nullable String failure;
        private boolean completed;

        Events(@Nullable String model) {
            super(model);
        }

        @Override
        boolean event(JsonNode event) {
            switch (text(event, "/type")) {
                case "item.started", "item.updated", "item.completed" -> item(event);
                case "turn.completed" -> {
                    completed = true;
                    answered();
                    long input = count(event, "/usage/input_tokens");
                    long cached = Math.min(input, count(event, "/usage/cached_input_tokens"));
                    spend(new Usage(model(), input, cached, count(event, "/usage/output_tokens"), null));
                }
                case "turn.failed" -> failure = text(event, "/error/message");
                case "error" -> warning = text(event, "/message"); // "Reconnecting" is one, and no failure
                case "thread.started", "turn.started" -> {}
                default -> {
                    return false;
                }
            }
            return true;
        }

        private void item(JsonNode event) {
            String type = text(event, "/item/type");
            if (!type.equals("error")) { // which is a warning of the program's own
                answered();
            }
            if (type.equals("agent_message") && text(event, "/type").equals("item.completed")) {
                message = text(event, "/item/text");
            }
        }

        @Override
        public Verdict verdict(int exit, String error) {
            if (failure != null) {
                return ProviderFault.of(failure);
            }
            if (completed && exit == 0) {
                return new Verdict.Answered(message);
            }
            return ended(exit, warning + "\n" + error);
        }
    }
}
