package io.loreley.llm;

import io.loreley.domain.FailureKind;
import io.loreley.domain.Json;
import io.loreley.domain.Limits;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Asks an OpenAI-compatible API. What may pass is asked again: no connection, no answer in time, 429 and server errors,
 * after the pause that the endpoint asks for. What will not pass is told at once. No more requests are under way than the
 * settings allow. Safe for many threads.
 */
public final class Endpoint implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** Larger answers than any batch has. */
    private static final long LARGEST_ANSWER = 64L << 20;
    /** What is quoted of an answer. */
    private static final int QUOTED = 300;

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int PAYMENT_REQUIRED = 402;
    private static final int NOT_FOUND = 404;

    private final LlmSettings settings;
    private final @Nullable ApiKey key;
    private final RetryPolicy retries;
    private final Pause pause;
    private final Semaphore slots;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /**
     * @param key absent for an endpoint that asks for none
     * @throws LoreleyException of kind CONFIGURATION if the endpoint is known to need a key and there is none
     */
    public Endpoint(
            LlmSettings settings, @Nullable ApiKey key, InstantSource clock, RandomGenerator random, Pause pause) {
        if (key == null && settings.needsKey()) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "%s needs a key, and the environment variable %s is not set. Set it, or choose another endpoint (llm.base-url)."
                            .formatted(settings.baseUrl(), ApiKey.VARIABLE));
        }
        this.settings = settings;
        this.key = key;
        this.retries = new RetryPolicy(clock, random);
        this.pause = pause;
        this.slots = new Semaphore(settings.concurrency());
    }

    /** The address; empty where OpenAI itself serves, so that a model's name says all. */
    Optional<String> elsewhere() {
        return settings.isOpenAi() ? Optional.empty() : Optional.of(settings.baseUrl());
    }

    /** How many requests may be under way at once. */
    public int concurrency() {
        return settings.concurrency();
    }

    /**
     * Posts a document.
     *
     * @param path below the base URL, as {@code /embeddings}
     * @return the answer's document
     * @throws RefusedException if what was sent is at fault
     * @throws LoreleyException of kind CONFIGURATION if key or address are at fault, of kind ENDPOINT if the endpoint is
     *     not available or answers nonsense
     */
    JsonNode post(String path, JsonNode document) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(settings.baseUrl() + path))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(document.toString(), StandardCharsets.UTF_8));
        if (key != null) {
            request.header("Authorization", key.header());
        }
        try {
            slots.acquire();
            try {
                return ask(request.build());
            } finally {
                slots.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoreleyException(FailureKind.INTERRUPTED, "interrupted while asking " + settings.baseUrl(), e);
        }
    }

    private JsonNode ask(HttpRequest request) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Failure failure;
            Optional<Duration> wait;
            try {
                HttpResponse<byte[]> answer = send(request);
                if (answer.statusCode() / 100 == 2) {
                    return document(request, answer.body());
                }
                if (!RetryPolicy.isPassing(answer.statusCode())) {
                    throw refused(request, answer);
                }
                failure = new Failure(said(answer), null);
                wait = retries.wait(attempt, answer.headers());
            } catch (IOException e) {
                failure = new Failure(String.valueOf(e.getMessage() == null ? e : e.getMessage()), e);
                wait = Optional.of(retries.wait(attempt));
            }
            if (attempt == RetryPolicy.ATTEMPTS || wait.isEmpty()) {
                throw new LoreleyException(
                        FailureKind.ENDPOINT,
                        "%s does not answer, after %d attempts: %s".formatted(request.uri(), attempt, failure.what()),
                        failure.cause());
            }
            LOG.atWarn()
                    .addKeyValue("endpoint", request.uri())
                    .addKeyValue("attempt", attempt)
                    .addKeyValue("pause_ms", wait.get().toMillis())
                    .addKeyValue("cause", failure.what())
                    .log("endpoint.retried");
            pause.await(wait.get());
        }
    }

    private record Failure(String what, @Nullable IOException cause) {}

    /** The whole answer within the timeout, headers and body: a request's own timeout ends with the headers. */
    private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), LARGEST_ANSWER));
        try {
            return answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException lost) {
                throw new IOException(lost.getMessage() == null ? lost.toString() : lost.getMessage(), lost);
            }
            throw new LoreleyException(FailureKind.INTERNAL, "cannot ask %s".formatted(request.uri()), e);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + settings.timeout(), e);
        } catch (CancellationException e) {
            throw new IOException("the request was cancelled", e);
        } finally {
            answer.cancel(true);
        }
    }

    private static JsonNode document(HttpRequest request, byte[] body) {
        try {
            return Json.parse(body);
        } catch (IllegalArgumentException e) {
            throw nonsense(request.uri().toString(), String.valueOf(e.getMessage()), e);
        }
    }

    /** An answer that is none. */
    static LoreleyException nonsense(String where, String what, @Nullable Throwable cause) {
        return new LoreleyException(FailureKind.ENDPOINT, "the answer of %s %s".formatted(where, what), cause);
    }

    private LoreleyException refused(HttpRequest request, HttpResponse<byte[]> answer) {
        String what = "%s refused: %s".formatted(request.uri(), said(answer));
        return switch (answer.statusCode()) {
            case UNAUTHORIZED, FORBIDDEN ->
                new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "%s. %s"
                                .formatted(
                                        what,
                                        key == null
                                                ? "The environment variable %s is not set.".formatted(ApiKey.VARIABLE)
                                                : "Correct the key in the environment variable %s."
                                                        .formatted(ApiKey.VARIABLE)));
            case PAYMENT_REQUIRED -> new LoreleyException(FailureKind.CONFIGURATION, what);
            case NOT_FOUND ->
                new LoreleyException(FailureKind.CONFIGURATION, what + ". Correct the base-url or the model.");
            default -> new RefusedException(FailureKind.ENDPOINT, what);
        };
    }

    /** Status, and the message that OpenAI's format has, else the beginning of the body. */
    private String said(HttpResponse<byte[]> answer) {
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        String message;
        try {
            JsonNode error = Json.parse(answer.body()).path("error");
            message =
                    error.isString() ? error.asString() : error.path("message").asString(body);
        } catch (IllegalArgumentException e) {
            message = body;
        }
        String safe = key == null ? message : key.masked(message);
        return "%d %s".formatted(answer.statusCode(), Limits.clamp(Limits.oneLine(safe), QUOTED));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
