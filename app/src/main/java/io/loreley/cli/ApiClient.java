package io.loreley.cli;

import io.loreley.domain.FailureKind;
import io.loreley.domain.Json;
import io.loreley.domain.LoreleyException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Asks a running server over its API. Safe for many threads. */
final class ApiClient implements AutoCloseable {

    private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(3);
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(15);

    /** From here on a status says that the server failed, or the proxy before it, and not the question. */
    private static final int SERVERS_OWN = 500;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECTS_WITHIN)
            .build();
    private final String address;
    private final @Nullable String token;

    /**
     * A client that has asked nothing yet.
     *
     * @param address as a server prints it
     * @param token absent where none is needed
     */
    ApiClient(String address, @Nullable String token) {
        this.address = address.replaceFirst("/+$", "");
        this.token = token;
    }

    String address() {
        return address;
    }

    /**
     * The answer to a question.
     *
     * @param path below the API's prefix
     * @throws LoreleyException of kind ENDPOINT if nobody answers or the server cannot just now, of kind CONFIGURATION if the
     *     answer is a refusal
     */
    JsonNode get(String path) {
        HttpResponse<byte[]> response = send(request(path).timeout(ANSWERS_WITHIN), BodyHandlers.ofByteArray());
        if (response.statusCode() == 200) {
            return parse(response.body());
        }
        throw new LoreleyException(
                response.statusCode() >= SERVERS_OWN ? FailureKind.ENDPOINT : FailureKind.CONFIGURATION,
                switch (response.statusCode()) {
                    case 401 ->
                        "%s asks for a token that is in use: give its file with --token-file, or set LORELEY_TOKEN"
                                .formatted(address);
                    default ->
                        "%s answered %d: %s"
                                .formatted(
                                        address,
                                        response.statusCode(),
                                        new String(response.body(), StandardCharsets.UTF_8));
                });
    }

    private JsonNode parse(byte[] body) {
        try {
            return Json.parse(body);
        } catch (IllegalArgumentException e) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "%s is no server of Loreley: its answer %s".formatted(address, e.getMessage()),
                    e);
        }
    }

    /** Listens to a stream of events until it ends, and tells of each. */
    void listen(String path, Runnable heard) {
        HttpResponse<InputStream> response = send(request(path), BodyHandlers.ofInputStream());
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event:")) {
                    heard.run();
                }
            }
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request;
        try {
            request = HttpRequest.newBuilder(URI.create(address + "/api/v1" + path));
        } catch (IllegalArgumentException e) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "'%s' is no address of a server; one looks like http://127.0.0.1:8765".formatted(address),
                    e);
        }
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
        try {
            return http.send(request.build(), body);
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoreleyException(FailureKind.INTERRUPTED, "interrupted while asking " + address, e);
        }
    }

    private LoreleyException unreachable(IOException e) {
        return new LoreleyException(
                FailureKind.ENDPOINT,
                "nobody answers at %s%s".formatted(address, e.getMessage() == null ? "" : ": " + e.getMessage()),
                e);
    }

    /** Ends the streams that are open, too. */
    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
