package io.loreley.llm;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Usage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Short texts by the chat completions of an OpenAI-compatible API. Safe for many threads. */
public final class ChatCompletions implements Completions {

    private static final String PATH = "/chat/completions";

    private final Endpoint endpoint;
    private final String model;

    public ChatCompletions(Endpoint endpoint, String model) {
        this.endpoint = endpoint;
        this.model = model;
    }

    @Override
    public String model() {
        return model;
    }

    /**
     * Asks for a word, so that a wrong key, address or model is found before any work is done.
     *
     * @throws LoreleyException of kind CONFIGURATION if one of them is refused, of kind ENDPOINT if there is no answer
     */
    public void probe() {
        try {
            complete("Answer with one word.", "Are you there?");
        } catch (RefusedException e) {
            throw new LoreleyException(FailureKind.CONFIGURATION, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public Completion complete(String system, String user) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("model", model);
        ArrayNode messages = request.putArray("messages");
        messages.addObject().put("role", "system").put("content", system);
        messages.addObject().put("role", "user").put("content", user);
        JsonNode answer = endpoint.post(PATH, request);
        JsonNode choice = answer.path("choices").path(0);
        String text = choice.path("message").path("content").asString("").strip();
        if (text.isEmpty()) {
            throw Endpoint.nonsense(
                    PATH,
                    "holds no text (finish_reason %s)"
                            .formatted(choice.path("finish_reason").asString("unknown")),
                    null);
        }
        return new Completion(text, usage(answer));
    }

    private Usage usage(JsonNode answer) {
        JsonNode usage = answer.path("usage");
        long input = tokens(usage.path("prompt_tokens"));
        long cached = tokens(usage.path("prompt_tokens_details").path("cached_tokens"));
        return new Usage(
                answer.path("model").asString(model),
                input,
                Math.min(cached, input),
                tokens(usage.path("completion_tokens")),
                null);
    }

    private static long tokens(JsonNode count) {
        return Math.max(0, count.asLong(0));
    }
}
