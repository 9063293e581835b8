package io.loreley.store;

import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Bounds;
import io.loreley.mapelites.projection.Layout;
import io.loreley.mapelites.projection.Projection;
import io.loreley.mapelites.projection.Ranges;
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

    /**
     * @param centroids of the cells of a tessellation; empty for a grid
     */
    static String json(Layout layout, List<Vector> centroids, int historyLimit, double updatedAt) {
        ObjectNode node = JSON.createObjectNode();
        node.put("schema_version", SCHEMA_VERSION);
        node.put("storage_backend", STORAGE_BACKEND);
        node.put("last_update_at", updatedAt);
        node.put("history_limit", historyLimit);
        node.set("lower_bounds", constant(0.0, layout.dimensions()));
        node.set("upper_bounds", constant(1.0, layout.dimensions()));
        node.put("layout_version", layout.version());
        Projection projection = layout.projection();
        if (projection != null) {
            node.set("projection", write(projection, updatedAt));
        }
        Ranges ranges = layout.ranges();
        if (ranges != null) {
            node.set("metric_ranges", write(ranges));
        }
        if (!centroids.isEmpty()) {
            ArrayNode rows = node.putArray("centroids");
            centroids.forEach(centroid -> rows.add(array(centroid)));
        }
        return node.toString();
    }

    static ObjectNode parse(String json) {
        return (ObjectNode) JSON.readTree(json);
    }

    /** The layout, if one of ours is stored. Before there were measured axes its version was that of the projection. */
    static @Nullable Layout layout(ObjectNode snapshot) {
        Projection projection = projection(snapshot);
        JsonNode stored = snapshot.path("metric_ranges");
        Ranges ranges = stored.isObject() ? ranges(stored) : null;
        if (projection == null && ranges == null) {
            return null;
        }
        int fallback = projection == null ? 1 : projection.version();
        return new Layout(snapshot.path("layout_version").asInt(fallback), projection, ranges);
    }

    /** The centroids of a tessellation; empty for a grid. */
    static List<Vector> centroids(ObjectNode snapshot) {
        return snapshot.path("centroids")
                .valueStream()
                .map(IslandSnapshot::vector)
                .toList();
    }

    private static ObjectNode write(Ranges ranges) {
        ObjectNode node = JSON.createObjectNode();
        node.put("sample_count", ranges.samples());
        ArrayNode bounds = node.putArray("bounds");
        ranges.bounds().forEach(axis -> bounds.add(array(Vector.of(axis.lower(), axis.upper()))));
        return node;
    }

    private static Ranges ranges(JsonNode node) {
        List<Bounds> bounds = node.path("bounds")
                .valueStream()
                .map(IslandSnapshot::vector)
                .map(pair -> new Bounds(pair.get(0), pair.get(1)))
                .toList();
        return new Ranges(bounds, node.path("sample_count").asInt());
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
