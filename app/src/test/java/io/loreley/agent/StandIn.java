package io.loreley.agent;

import io.loreley.domain.Json;
import io.loreley.domain.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Programs that speak as the coding agents were recorded to speak: bodies of shell scripts. */
enum StandIn {
    CODEX(AgentKind.CODEX) {
        @Override
        String start() {
            return events(
                    Map.of("type", "thread.started", "thread_id", "t1"),
                    Map.of("type", "turn.started"),
                    Map.of("type", "error", "message", "Reconnecting... 1/5"),
                    Map.of(
                            "type",
                            "item.completed",
                            "item",
                            Map.of("type", "error", "message", "Model metadata for `m` not found")),
                    Map.of(
                            "type",
                            "item.completed",
                            "item",
                            Map.of("type", "agent_message", "text", "I look around.")));
        }

        @Override
        String answer(String text) {
            return events(
                    Map.of("type", "item.completed", "item", Map.of("type", "agent_message", "text", text)),
                    Map.of(
                            "type",
                            "turn.completed",
                            "usage",
                            Map.of(
                                    "input_tokens",
                                    1000,
                                    "cached_input_tokens",
                                    600,
                                    "output_tokens",
                                    50,
                                    "reasoning_output_tokens",
                                    20)));
        }

        @Override
        String cut() {
            return failed("stream disconnected before completion: stream closed before response.completed");
        }

        @Override
        String rateLimit() {
            return failed("exceeded retry limit, last status: 429 Too Many Requests");
        }

        @Override
        String unauthorized() {
            return failed("unexpected status 401 Unauthorized: Incorrect API key provided");
        }

        @Override
        String unavailable() {
            return failed("unexpected status 500 Internal Server Error: oops");
        }

        private String failed(String message) {
            return events(Map.of("type", "turn.failed", "error", Map.of("message", message))) + "exit 1\n";
        }

        @Override
        List<Usage> usage() {
            return List.of(new Usage("m/1", 1000, 600, 50, null));
        }
    },

    CLAUDE(AgentKind.CLAUDE) {
        @Override
        String start() {
            return events(
                    Map.of("type", "system", "subtype", "init", "model", "m/1"),
                    Map.of(
                            "type",
                            "assistant",
                            "message",
                            Map.of(
                                    "id",
                                    "msg_1",
                                    "model",
                                    "m/1",
                                    "content",
                                    List.of(Map.of("type", "text", "text", "I look around.")),
                                    "usage",
                                    Map.of("input_tokens", 40, "cache_read_input_tokens", 60, "output_tokens", 5))));
        }

        @Override
        String answer(String text) {
            Map<String, Object> result = result(false, text);
            if (text.startsWith("{")) {
                result.put("structured_output", Json.values("", Json.parse(text.getBytes(UTF_8))));
            }
            return events(result);
        }

        private Map<String, Object> result(boolean failed, String text) {
            Map<String, Object> result = new java.util.LinkedHashMap<>();
            result.put("type", "result");
            result.put("subtype", "success");
            result.put("is_error", failed);
            result.put("result", text);
            result.put("total_cost_usd", 0.25);
            result.put("usage", Map.of("input_tokens", 400, "cache_read_input_tokens", 600, "output_tokens", 50));
            return result;
        }

        @Override
        String cut() {
            return "exit 0\n";
        }

        @Override
        String rateLimit() {
            return failed(429, "API Error: 429 rate_limit_error");
        }

        @Override
        String unauthorized() {
            return failed(401, "Failed to authenticate. API Error: 401 invalid x-api-key");
        }

        @Override
        String unavailable() {
            return failed(529, "API Error: 529 overloaded_error");
        }

        private String failed(int status, String text) {
            Map<String, Object> result = result(true, text);
            result.put("api_error_status", status);
            return events(result) + "exit 1\n";
        }

        @Override
        List<Usage> usage() {
            return List.of(new Usage("m/1", 1000, 600, 50, 0.25));
        }
    },

    GEMINI(AgentKind.GEMINI) {
        @Override
        String start() {
            return events(
                    Map.of("type", "init", "session_id", "s", "model", "m/1"),
                    Map.of("type", "message", "role", "user", "content", "the prompt"),
                    Map.of("type", "message", "role", "assistant", "content", "I look around.", "delta", true),
                    Map.of("type", "tool_use", "tool_name", "read_file"),
                    Map.of("type", "tool_result", "status", "success"));
        }

        @Override
        String answer(String text) {
            int middle = text.length() / 2;
            return events(
                            Map.of("type", "message", "role", "assistant", "content", text.substring(0, middle)),
                            Map.of("type", "message", "role", "assistant", "content", text.substring(middle)))
                    + result("success", "");
        }

        @Override
        String cut() {
            return result("error", "Incomplete JSON segment at the end");
        }

        @Override
        String rateLimit() {
            return result("error", "quota exceeded") + "exit 173\n";
        }

        @Override
        String unauthorized() {
            return result("error", "API key not valid") + "exit 145\n";
        }

        @Override
        String unavailable() {
            return result("error", "internal") + "exit 244\n";
        }

        private String result(String status, String message) {
            return events(Map.of(
                    "type",
                    "result",
                    "status",
                    status,
                    "error",
                    Map.of("message", message),
                    "stats",
                    Map.of("total_tokens", 1050, "input_tokens", 1000, "output_tokens", 20, "cached", 600)));
        }

        @Override
        List<Usage> usage() {
            return List.of(new Usage("m/1", 1000, 600, 50, null));
        }
    },

    OPENCODE(AgentKind.OPENCODE) {
        @Override
        String start() {
            return events(
                    Map.of("type", "step_start"),
                    Map.of("type", "text", "part", Map.of("text", "I look around.")),
                    Map.of("type", "tool_use", "part", Map.of("tool", "read")),
                    step("tool-calls", 0.125));
        }

        @Override
        String answer(String text) {
            return events(
                    Map.of("type", "step_start"),
                    Map.of("type", "text", "part", Map.of("text", text)),
                    step("stop", 0.125));
        }

        private Map<String, Object> step(String reason, double cost) {
            return Map.of(
                    "type",
                    "step_finish",
                    "part",
                    Map.of(
                            "reason",
                            reason,
                            "cost",
                            cost,
                            "tokens",
                            Map.of(
                                    "input",
                                    200,
                                    "output",
                                    15,
                                    "reasoning",
                                    10,
                                    "cache",
                                    Map.of("read", 300, "write", 0))));
        }

        @Override
        String cut() {
            return "trap '' TERM\nwhile :; do\n" + events(step("unknown", 0.125)) + "sleep 0.05\ndone\n";
        }

        @Override
        String rateLimit() {
            return failed(429, "Rate limit reached");
        }

        @Override
        String unauthorized() {
            return failed(401, "Incorrect API key provided");
        }

        @Override
        String unavailable() {
            return failed(500, "Internal server error");
        }

        private String failed(int status, String message) {
            return events(Map.of(
                            "type",
                            "error",
                            "error",
                            Map.of("name", "APIError", "data", Map.of("statusCode", status, "message", message))))
                    + "exit 1\n";
        }

        @Override
        List<Usage> usage() {
            return List.of(new Usage("m/1", 500, 300, 25, 0.125), new Usage("m/1", 500, 300, 25, 0.125));
        }
    },

    CURSOR(AgentKind.CURSOR) {
        @Override
        String start() {
            return events(
                    Map.of("type", "system", "subtype", "init", "model", "m/1"),
                    Map.of("type", "assistant", "message", Map.of("content", List.of())));
        }

        @Override
        String answer(String text) {
            return events(Map.of("type", "result", "subtype", "success", "is_error", false, "result", text));
        }

        @Override
        String cut() {
            return "exit 0\n";
        }

        @Override
        String rateLimit() {
            return failed("You have hit your usage limit");
        }

        @Override
        String unauthorized() {
            return "echo 'Error: Authentication required. Please log in.' >&2\nexit 1\n";
        }

        @Override
        String unavailable() {
            return failed("Connection failed: ECONNRESET");
        }

        private String failed(String message) {
            return events(Map.of("type", "result", "subtype", "error", "is_error", true, "result", message))
                    + "exit 1\n";
        }

        @Override
        List<Usage> usage() {
            return List.of(UNKNOWN);
        }
    };

    /** A call of which nothing is known but that it was made. */
    static final Usage UNKNOWN = new Usage("m/1", 0, 0, 0, null);

    private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;

    final AgentKind kind;

    StandIn(AgentKind kind) {
        this.kind = kind;
    }

    /** What it prints before it does anything. */
    abstract String start();

    /** A good end, with its last message. */
    abstract String answer(String text);

    /** The provider's stream was cut off for good. */
    abstract String cut();

    abstract String rateLimit();

    abstract String unauthorized();

    abstract String unavailable();

    /** What {@link #start} and {@link #answer} together say was spent. */
    abstract List<Usage> usage();

    /** A program with that body, which reads its prompt first. */
    Path program(Path folder, String body) throws IOException {
        Path program = folder.resolve(kind.word() + "-stand-in");
        Files.writeString(program, "#!/bin/sh\ncat > \"$STAND_IN_STATE/prompt\"\n" + body);
        if (!program.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + program + " executable");
        }
        return program;
    }

    /** Claude says something in the middle of its work. */
    static String said(Map<String, ?> block) {
        return said(block, 0);
    }

    /** The same, with what its provider told at the beginning of the message. */
    static String said(Map<String, ?> block, int inputTokens) {
        return events(Map.of(
                "type",
                "assistant",
                "message",
                Map.of(
                        "id",
                        "msg_2",
                        "content",
                        List.of(block),
                        "usage",
                        Map.of("input_tokens", inputTokens, "output_tokens", inputTokens / 20))));
    }

    /** Claude ends with an error of its own, which has no result. */
    static String gaveUp(String subtype, String error) {
        return events(Map.of(
                        "type",
                        "result",
                        "subtype",
                        subtype,
                        "is_error",
                        true,
                        "errors",
                        List.of(error),
                        "total_cost_usd",
                        0.25))
                + "exit 1\n";
    }

    /** One event a line. */
    @SafeVarargs
    static String events(Map<String, ?>... events) {
        StringBuilder script = new StringBuilder("cat <<'EVENTS'\n");
        for (Map<String, ?> event : events) {
            script.append(line(event)).append('\n');
        }
        return script.append("EVENTS\n").toString();
    }

    private static String line(Object event) {
        return Json.parse(Json.write(event).getBytes(UTF_8)).toString();
    }
}
