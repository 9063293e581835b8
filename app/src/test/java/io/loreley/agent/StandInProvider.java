package io.loreley.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.loreley.domain.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A provider on the loopback that answers every request of four protocols with one text. Closed after use. */
final class StandInProvider implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();
    private final String text;

    StandInProvider(String text) throws IOException {
        this.text = text;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The paths that were asked for. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        calls.add(path);
        exchange.getRequestBody().readAllBytes();
        String body;
        if (path.endsWith("/responses")) {
            body = responses();
        } else if (path.endsWith("/messages")) {
            body = messages();
        } else if (path.endsWith("/chat/completions")) {
            body = completions();
        } else if (path.contains("enerateContent")) {
            body = content();
        } else {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
            return;
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String responses() {
        Map<String, Object> message = Map.of(
                "type", "message",
                "role", "assistant",
                "id", "msg_1",
                "content", List.of(Map.of("type", "output_text", "text", text)));
        return event("response.created", Map.of("type", "response.created", "response", Map.of("id", "r1")))
                + event(
                        "response.output_item.done",
                        Map.of("type", "response.output_item.done", "output_index", 0, "item", message))
                + event(
                        "response.completed",
                        Map.of(
                                "type",
                                "response.completed",
                                "response",
                                Map.of(
                                        "id",
                                        "r1",
                                        "usage",
                                        Map.of(
                                                "input_tokens",
                                                100,
                                                "input_tokens_details",
                                                Map.of("cached_tokens", 60),
                                                "output_tokens",
                                                5,
                                                "output_tokens_details",
                                                Map.of("reasoning_tokens", 0),
                                                "total_tokens",
                                                105))));
    }

    private String messages() {
        return event(
                        "message_start",
                        Map.of(
                                "type",
                                "message_start",
                                "message",
                                Map.of(
                                        "id",
                                        "msg_1",
                                        "type",
                                        "message",
                                        "role",
                                        "assistant",
                                        "model",
                                        "m",
                                        "content",
                                        List.of(),
                                        "usage",
                                        Map.of("input_tokens", 40, "cache_read_input_tokens", 60, "output_tokens", 1))))
                + event(
                        "content_block_start",
                        Map.of(
                                "type",
                                "content_block_start",
                                "index",
                                0,
                                "content_block",
                                Map.of("type", "text", "text", "")))
                + event(
                        "content_block_delta",
                        Map.of(
                                "type",
                                "content_block_delta",
                                "index",
                                0,
                                "delta",
                                Map.of("type", "text_delta", "text", text)))
                + event("content_block_stop", Map.of("type", "content_block_stop", "index", 0))
                + event(
                        "message_delta",
                        Map.of(
                                "type",
                                "message_delta",
                                "delta",
                                Map.of("stop_reason", "end_turn"),
                                "usage",
                                Map.of("output_tokens", 5)))
                + event("message_stop", Map.of("type", "message_stop"));
    }

    private String completions() {
        return data(Map.of(
                        "id",
                        "c1",
                        "object",
                        "chat.completion.chunk",
                        "choices",
                        List.of(Map.of("index", 0, "delta", Map.of("role", "assistant", "content", text)))))
                + data(Map.of(
                        "id",
                        "c1",
                        "object",
                        "chat.completion.chunk",
                        "choices",
                        List.of(Map.of("index", 0, "delta", Map.of(), "finish_reason", "stop")),
                        "usage",
                        Map.of("prompt_tokens", 100, "completion_tokens", 5, "total_tokens", 105)))
                + "data: [DONE]\n\n";
    }

    private String content() {
        return data(Map.of(
                "candidates",
                List.of(Map.of(
                        "index",
                        0,
                        "finishReason",
                        "STOP",
                        "content",
                        Map.of("role", "model", "parts", List.of(Map.of("text", text))))),
                "usageMetadata",
                Map.of(
                        "promptTokenCount",
                        100,
                        "cachedContentTokenCount",
                        60,
                        "candidatesTokenCount",
                        5,
                        "totalTokenCount",
                        105)));
    }

    private static String event(String name, Map<String, ?> data) {
        return "event: " + name + "\n" + data(data);
    }

    private static String data(Map<String, ?> data) {
        return "data: " + Json.parse(Json.write(data).getBytes(StandardCharsets.UTF_8)) + "\n\n";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
