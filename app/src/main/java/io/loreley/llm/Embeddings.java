package io.loreley.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Turns texts into vectors, one request a call. Safe for many threads. */
public final class Embeddings {

    private static final String PATH = "/embeddings";

    private final Endpoint endpoint;
    private final String model;

    public Embeddings(Endpoint endpoint, String model) {
        this.endpoint = endpoint;
        this.model = model;
    }

    /** Where the model is served; empty if by OpenAI itself. Another server's word for a model may mean any. */
    public Optional<String> elsewhere() {
        return endpoint.elsewhere();
    }

    /**
     * Embeds texts in one request.
     *
     * @param texts none of them empty
     * @param dimensions the length to ask for; empty to take what the model gives
     * @return one vector a text, in their order, all finite
     * @throws RefusedException if a text, or the length, is at fault
     */
    public List<double[]> of(List<String> texts, OptionalInt dimensions) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("model", model);
        request.put("encoding_format", "float");
        var input = request.putArray("input");
        texts.forEach(input::add);
        dimensions.ifPresent(length -> request.put("dimensions", length));
        return vectors(endpoint.post(PATH, request).path("data"), texts.size());
    }

    private static List<double[]> vectors(JsonNode data, int expected) {
        if (data.size() != expected) {
            throw Endpoint.nonsense(PATH, "holds %d embeddings of %d texts".formatted(data.size(), expected), null);
        }
        List<double[]> vectors = new ArrayList<>();
        for (int i = 0; i < expected; i++) {
            vectors.add(new double[0]);
        }
        for (int place = 0; place < expected; place++) {
            JsonNode item = data.path(place);
            int index = item.path("index").asInt(place);
            double[] vector = item.path("embedding")
                    .valueStream()
                    .mapToDouble(number -> number.asDouble(Double.NaN))
                    .toArray();
            if (index < 0 || index >= expected || vectors.get(index).length > 0 || !isFinite(vector)) {
                throw Endpoint.nonsense(
                        PATH, "holds a text's embedding twice, or one that is no list of numbers", null);
            }
            vectors.set(index, vector);
        }
        return vectors;
    }

    private static boolean isFinite(double[] vector) {
        for (double value : vector) {
            if (!Double.isFinite(value)) {
                return false;
            }
        }
        return vector.length > 0;
    }
}
