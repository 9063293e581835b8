package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Projection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A snapshot of the Python system, read: of schema version 1, with the whole archive and history inside, or of version 2,
 * with a projection that has no version yet. What cannot be stored as a row is set aside with the reason, in
 * {@code malformed} of the migrated snapshot; nothing is lost.
 *
 * @param elites in the order in which they were listed, one a cell
 * @param history oldest first, one a commit
 * @param projectionVersion of all elites; 0 if they were placed without a projection
 * @param migrated the snapshot to store instead
 */
record LegacySnapshot(
        List<StoredElite> elites,
        List<Seen> history,
        int projectionVersion,
        List<Malformed> malformed,
        ObjectNode migrated) {

    private static final int ADOPTED_VERSION = 1;

    LegacySnapshot {
        elites = List.copyOf(elites);
        history = List.copyOf(history);
        malformed = List.copyOf(malformed);
    }

    /** A commit in the history. What it scored was not kept. */
    record Seen(CommitHash commit, Vector vector, String model, double seenAt) {}

    /** An entry that no row can hold. */
    record Malformed(String section, int position, String reason, JsonNode entry) {}

    static boolean recognises(ObjectNode snapshot) {
        boolean firstSchema = snapshot.path("schema_version").asInt(0) < IslandSnapshot.SCHEMA_VERSION;
        JsonNode projection = snapshot.path("projection");
        return (firstSchema && (snapshot.has("archive") || snapshot.has("history")))
                || (projection.isObject() && !projection.isEmpty() && !projection.has("version"));
    }

    /**
     * @param truncation how many standard deviations the old behaviour space reached, to each side
     * @param now seconds since the epoch; the newest commit of the history was seen then
     */
    static LegacySnapshot read(ObjectNode snapshot, double truncation, double now) {
        return new Reading(snapshot, truncation, now).result();
    }

    /** One reading, entry by entry. */
    private static final class Reading {

        private final ObjectNode migrated;
        private final List<Malformed> malformed = new ArrayList<>();
        private final @Nullable Projection projection;
        private final List<StoredElite> elites = new ArrayList<>();
        private final Map<CommitHash, Seen> history = new LinkedHashMap<>();

        Reading(ObjectNode snapshot, double truncation, double now) {
            migrated = snapshot.deepCopy();
            projection = projection(snapshot.path("projection"), truncation);
            read("archive", snapshot, new Elites()::read);
            int entries = snapshot.path("history").size();
            read("history", snapshot, (position, entry) -> observation(entry, now - (entries - 1.0 - position)));
            migrated.put("schema_version", IslandSnapshot.SCHEMA_VERSION);
            migrated.put("storage_backend", IslandSnapshot.STORAGE_BACKEND);
            migrated.put("last_update_at", now);
            if (!migrated.has("last_migrated_at")) {
                migrated.put("last_migrated_at", now);
            }
        }

        LegacySnapshot result() {
            ArrayNode aside = migrated.withArray("malformed");
            for (Malformed entry : malformed) {
                aside.addObject()
                        .put("section", entry.section())
                        .put("position", entry.position())
                        .put("reason", entry.reason())
                        .set("entry", entry.entry());
            }
            if (aside.isEmpty()) {
                migrated.remove("malformed");
            }
            return new LegacySnapshot(
                    elites,
                    List.copyOf(history.values()),
                    projection == null ? 0 : projection.version(),
                    malformed,
                    migrated);
        }

        private void read(String section, ObjectNode snapshot, EntryReader reader) {
            JsonNode entries = snapshot.path(section);
            migrated.remove(section);
            if (!entries.isArray()) {
                if (!entries.isMissingNode() && !entries.isNull()) {
                    malformed.add(new Malformed(section, 0, "not a list", entries));
                }
                return;
            }
            for (int position = 0; position < entries.size(); position++) {
                JsonNode entry = entries.get(position);
                try {
                    if (!entry.isObject()) {
                        throw new IllegalArgumentException("not an object");
                    }
                    reader.read(position, entry);
                } catch (IllegalArgumentException e) {
                    malformed.add(new Malformed(section, position, String.valueOf(e.getMessage()), entry));
                }
            }
        }

        private void observation(JsonNode entry, double seenAt) {
            CommitHash commit = commit(entry);
            Vector vector = numbers(entry, "vector");
            int expected = projection != null
                    ? projection.mean().length()
                    : history.isEmpty()
                            ? vector.length()
                            : history.values().iterator().next().vector().length();
            requireLength("vector", vector, expected);
            history.remove(commit);
            history.put(commit, new Seen(commit, vector, model(entry), seenAt));
        }

        private static String model(JsonNode entry) {
            for (String name : List.of("embedding_model", "code_model", "model")) {
                if (entry.path(name).isString()) {
                    return entry.path(name).asString();
                }
            }
            return "";
        }

        /** The old projection in our words: components, whitened, cut at the same number of deviations to each side. */
        private @Nullable Projection projection(JsonNode old, double truncation) {
            if (!old.isObject() || old.isEmpty() || old.has("version")) {
                return IslandSnapshot.projection(migrated);
            }
            try {
                List<Vector> components = new ArrayList<>();
                old.path("components").forEach(row -> components.add(numbers("components", row)));
                int dimensions = components.size();
                JsonNode variances = old.path("explained_variance");
                boolean whiten = old.path("whiten").asBoolean(false);
                DoubleUnaryOperator scale = axis -> {
                    double variance = variances.path((int) axis).asDouble(1.0);
                    return whiten && variance > 0 ? Math.sqrt(variance) : 1.0;
                };
                Projection adopted = new Projection(
                        ADOPTED_VERSION,
                        Projection.Method.PCA,
                        numbers(old, "mean"),
                        components,
                        filled(dimensions, axis -> variances.path((int) axis).asDouble(1.0)),
                        filled(dimensions, scale),
                        filled(dimensions, axis -> -truncation),
                        filled(dimensions, axis -> truncation),
                        Math.max(1, old.path("sample_count").asInt(0)));
                ObjectNode written =
                        IslandSnapshot.write(adopted, old.path("fitted_at").asDouble(0.0));
                old.properties().forEach(field -> {
                    if (!written.has(field.getKey())) {
                        written.set(field.getKey(), field.getValue());
                    }
                });
                migrated.set("projection", written);
                return adopted;
            } catch (IllegalArgumentException e) {
                malformed.add(new Malformed("projection", 0, String.valueOf(e.getMessage()), old));
                migrated.putNull("projection");
                return null;
            }
        }

        private static Vector filled(int length, DoubleUnaryOperator value) {
            double[] values = new double[length];
            for (int i = 0; i < length; i++) {
                values[i] = value.applyAsDouble(i);
            }
            return Vector.of(values);
        }

        /** The archive's entries: one elite a cell, one cell a commit, all of the same dimensions. */
        private final class Elites {

            private final Map<Long, Integer> cells = new HashMap<>();
            private final Set<CommitHash> commits = new HashSet<>();

            void read(int position, JsonNode entry) {
                StoredElite elite = new StoredElite(
                        cell(entry),
                        commit(entry),
                        number(entry, "objective", 0.0),
                        number(entry, "objective", 0.0),
                        numbers(entry, "measures"),
                        number(entry, "timestamp", 0.0));
                int dimensions = projection != null
                        ? projection.dimensions()
                        : elites.isEmpty()
                                ? elite.measures().length()
                                : elites.getFirst().measures().length();
                requireLength("measures", elite.measures(), dimensions);
                Integer held = cells.get(elite.cell());
                if (held != null) {
                    throw new IllegalArgumentException(
                            "cell %d is listed before, at position %d".formatted(elite.cell(), held));
                }
                if (!commits.add(elite.commit())) {
                    throw new IllegalArgumentException(
                            "commit %s is listed before, in another cell".formatted(elite.commit()));
                }
                cells.put(elite.cell(), position);
                elites.add(elite);
            }

            private static long cell(JsonNode entry) {
                JsonNode index = entry.path("index");
                if (!index.isNumber() && !index.isString()) {
                    throw new IllegalArgumentException("no index");
                }
                long cell = wholeNumber(index.asString());
                if (cell < 0) {
                    throw new IllegalArgumentException("index %d is negative".formatted(cell));
                }
                return cell;
            }

            private static long wholeNumber(String text) {
                try {
                    return Long.parseLong(text);
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException("index %s is no whole number".formatted(text), e);
                }
            }
        }

        private static CommitHash commit(JsonNode entry) {
            return new CommitHash(entry.path("commit_hash").asString(""));
        }

        private static double number(JsonNode entry, String name, double absent) {
            JsonNode value = entry.path(name);
            if (value.isMissingNode()) {
                return absent;
            }
            if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
                throw new IllegalArgumentException("%s is no finite number".formatted(name));
            }
            return value.asDouble();
        }

        private static Vector numbers(JsonNode entry, String name) {
            return numbers(name, entry.path(name));
        }

        private static Vector numbers(String name, JsonNode list) {
            if (!list.isArray() || list.isEmpty()) {
                throw new IllegalArgumentException("%s is no list of numbers".formatted(name));
            }
            if (!list.valueStream().allMatch(JsonNode::isNumber)) {
                throw new IllegalArgumentException("%s holds what is no number".formatted(name));
            }
            return IslandSnapshot.vector(list);
        }

        private static void requireLength(String name, Vector vector, int expected) {
            if (vector.length() != expected) {
                throw new IllegalArgumentException(
                        "%d values in %s, where the others have %d".formatted(vector.length(), name, expected));
            }
        }
    }

    /** Reads one entry of a list, or throws an IllegalArgumentException that says why it cannot. */
    private interface EntryReader {
        void read(int position, JsonNode entry);
    }
}
