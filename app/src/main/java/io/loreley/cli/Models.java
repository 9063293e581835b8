package io.loreley.cli;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.embedding.Embedder;
import io.loreley.embedding.EmbeddingSettings;
import io.loreley.embedding.HashingEmbedder;
import io.loreley.embedding.OpenAiEmbedder;
import io.loreley.llm.ApiKey;
import io.loreley.llm.ChatCompletions;
import io.loreley.llm.Completions;
import io.loreley.llm.Embeddings;
import io.loreley.llm.Endpoint;
import io.loreley.llm.LlmSettings;
import io.loreley.llm.Pause;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Opens the models that a project's settings name, and closes what they hold. */
final class Models implements AutoCloseable {

    private final ProjectSettings settings;
    private final Map<String, String> environment;
    private final InstantSource clock;
    private final Deque<Endpoint> endpoints = new ArrayDeque<>();

    Models(ProjectSettings settings, Map<String, String> environment, InstantSource clock) {
        this.settings = settings;
        this.environment = environment;
        this.clock = clock;
    }

    /**
     * The embedder, ready to be asked: one that needs an endpoint has answered once.
     *
     * @throws LoreleyException of kind CONFIGURATION if a key is missing or refused, or the settings do
     *     not fit the model
     */
    Embedder embedder() {
        EmbeddingSettings embedding = settings.embedding();
        if (!settings.search().learnsAxes()) {
            // Nobody will ask, so no key is needed.
            return new HashingEmbedder(embedding.dimensions());
        }
        return switch (embedding.kind()) {
            case HASHING -> new HashingEmbedder(embedding.dimensions());
            case OPENAI -> {
                String own = embedding.baseUrl();
                Endpoint endpoint =
                        endpoint(own == null ? settings.llm() : settings.llm().at(own));
                yield OpenAiEmbedder.open(
                        new Embeddings(endpoint, embedding.model()), embedding, endpoint.concurrency());
            }
        };
    }

    /**
     * What writes short texts, if the settings name a model; it has answered once, unless its endpoint is away.
     *
     * @param away is told why there was no answer, though there may be one later
     * @throws LoreleyException of kind CONFIGURATION if a key is missing, or key, address or model are refused
     */
    Optional<Completions> completions(Consumer<LoreleyException> away) {
        String model = settings.llm().model();
        if (model == null) {
            return Optional.empty();
        }
        ChatCompletions completions = new ChatCompletions(endpoint(settings.llm()), model);
        try {
            completions.probe();
        } catch (LoreleyException e) {
            if (e.kind() != FailureKind.ENDPOINT) {
                throw e;
            }
            away.accept(e);
        }
        return Optional.of(completions);
    }

    private Endpoint endpoint(LlmSettings llm) {
        // Only pauses depend on it; processes that were refused together should not come back together.
        SplittableRandom random = new SplittableRandom(ProcessHandle.current().pid());
        Endpoint endpoint = new Endpoint(llm, ApiKey.in(environment).orElse(null), clock, random, Pause.REAL);
        endpoints.push(endpoint);
        return endpoint;
    }

    @Override
    public void close() {
        while (!endpoints.isEmpty()) {
            endpoints.pop().close();
        }
    }
}
