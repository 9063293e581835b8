package io.loreley.llm;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.loreley.domain.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A language model's endpoint on this machine that does what a test asks for, and remembers what it was asked. */
public final class StandIn implements AutoCloseable {

    /** One request. */
    public record Asked(String path, @Nullable String authorization, JsonNode body) {

        /** The texts to be embedded. */
        public List<String> texts() {
            List<String> texts = new ArrayList<>();
            body.path("input").forEach(text -> texts.add(text.asString()));
            return texts;
        }
    }

    /**
     * One answer.
     *
     * @param cut whether the connection ends in the middle of the body
     */
    public record Answer(int status, String body, Map<String, String> headers, boolean cut) {

        public Answer {
            headers = Map.copyOf(headers);
        }

        public static Answer of(int status, String body) {
            return new Answer(status, body, Map.of(), false);
        }

        /** In OpenAI's format. */
        public static Answer error(int status, String message) {
            ObjectNode error = JsonNodeFactory.instance.objectNode();
            error.putObject("error").put("message", message);
            return of(status, error.toString());
        }

        public Answer with(String header, String value) {
            return new Answer(status, body, Map.of(header, value), cut);
        }

        public Answer cutOff() {
            return new Answer(status, body, headers, true);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile Function<Asked, Answer> behaviour;

    public StandIn(Function<Asked, Answer> behaviour) {
        this.behaviour = behaviour;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Embeds a text by its length and its first letter; the vectors have the length that is asked for, 4 if none is. */
    public static Answer embeddings(Asked asked) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        var data = answer.putArray("data");
        List<String> texts = asked.texts();
        int dimensions = asked.body().path("dimensions").asInt(4);
        // The last first: an answer says which text each vector belongs to.
        for (int i = texts.size() - 1; i >= 0; i--) {
            var vector = data.addObject().put("index", i).putArray("embedding");
            for (int axis = 0; axis < dimensions; axis++) {
                vector.add(Math.sin(texts.get(i).hashCode() + axis) / Math.sqrt(dimensions));
            }
        }
        return Answer.of(200, answer.toString());
    }

    public void does(Function<Asked, Answer> other) {
        behaviour = other;
    }

    public String url() {
        return "http://127.0.0.1:%d/v1".formatted(server.getAddress().getPort());
    }

    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Asked request = new Asked(
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    Json.parse(exchange.getRequestBody().readAllBytes()));
            asked.add(request);
            Answer answer = behaviour.apply(request);
            answer.headers().forEach(exchange.getResponseHeaders()::add);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body, 0, answer.cut() ? body.length / 2 : body.length);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
