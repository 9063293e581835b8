package io.loreley.store;

import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Projection;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code map_elites_states.snapshot}: the light metadata of an island, as JSON of schema version 2. */
final class IslandSnapshot {

    static final int SCHEMA_VERSION = 2;
    static final String STORAGE_BACKEND = "cells_history_v2";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private IslandSnapshot() {}

    static String json(Projection projection, int historyLimit, double updatedAt) {
        ObjectNode node = JSON.createObjectNode();
        node.put("schema_version", SCHEMA_VERSION);
        node.put("storage_backend", STORAGE_BACKEND);
        node.put("last_update_at", updatedAt);
        node.put("history_limit", historyLimit);
        int dimensions = projection.components().size();
        node.set("lower_bounds", constant(0.0, dimensions));
        node.set("upper_bounds", constant(1.0, dimensions));
        node.set("projection", write(projection, updatedAt));
        return node.toString();
    }

    static ObjectNode parse(String json) {
        return (ObjectNode) JSON.readTree(json);
    }

    /** The projection, if one of ours is stored. */
    static @Nullable Projection projection(ObjectNode snapshot) {
        JsonNode node = snapshot.path("projection");
        return node.has("version") ? read(node) : null;
    }

    static ObjectNode write(Projection projection, double fittedAt) {
        ObjectNode node = JSON.createObjectNode();
        node.put("version", projection.version());
        node.put("method", projection.method().name());
        node.put("feature_count", projection.mean().length());
        node.set("mean", array(projection.mean()));
        ArrayNode components = node.putArray("components");
        projection.components().forEach(component -> components.add(array(component)));
        node.set("explained_variance", array(projection.explainedVariance()));
        node.set("scales", array(projection.scales()));
        node.set("lower", array(projection.lower()));
        node.set("upper", array(projection.upper()));
        node.put("sample_count", projection.samples());
        node.put("fitted_at", fittedAt);
        node.put("whiten", true);
        return node;
    }

    private static Projection read(JsonNode node) {
        List<Vector> components = node.path("components")
                .valueStream()
                .map(IslandSnapshot::vector)
                .toList();
        return new Projection(
                node.path("version").asInt(),
                Projection.Method.valueOf(node.path("method").asString()),
                vector(node.path("mean")),
                components,
                vector(node.path("explained_variance")),
                vector(node.path("scales")),
                vector(node.path("lower")),
                vector(node.path("upper")),
                node.path("sample_count").asInt());
    }

    private static ArrayNode constant(double value, int length) {
        ArrayNode array = JSON.createArrayNode();
        IntStream.range(0, length).forEach(i -> array.add(value));
        return array;
    }

    private static ArrayNode array(Vector vector) {
        ArrayNode array = JSON.createArrayNode();
        for (int i = 0; i < vector.length(); i++) {
            array.add(vector.get(i));
        }
        return array;
    }

    static Vector vector(JsonNode array) {
        return Vector.of(array.valueStream().mapToDouble(JsonNode::asDouble).toArray());
    }
}
