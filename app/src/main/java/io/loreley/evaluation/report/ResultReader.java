package io.loreley.evaluation.report;

import io.loreley.domain.Direction;
import io.loreley.domain.Json;
import io.loreley.domain.Limits;
import io.loreley.domain.Measurement;
import io.loreley.domain.Objective;
import io.loreley.domain.Spread;
import io.loreley.domain.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the result of the evaluator contract. Strict, because a number that is misread steers the whole search: refuses
 * with {@link IllegalArgumentException} whatever it does not know about a metric.
 */
final class ResultReader {

    private static final Set<String> METRIC_KEYS =
            Set.of("name", "value", "unit", "direction", "higher_is_better", "details", "samples", "private");

    private static final Set<String> GATE_KEYS = Set.of("stage", "reason");

    private final Objective objective;

    ResultReader(Objective objective) {
        this.objective = objective;
    }

    Report read(byte[] content) {
        JsonNode json = Json.parse(content);
        if (!json.isObject()) {
            throw new IllegalArgumentException("must be an object, and is " + Json.describe(json));
        }
        return new Report(
                Json.text("summary", json.get("summary")),
                metrics(json.get("metrics")),
                logs(json.get("logs")),
                Json.text("feedback", json.get("feedback")),
                verdict(json));
    }

    private static Verdict verdict(JsonNode json) {
        String invalid = Json.text("invalid", json.get("invalid"));
        if (invalid != null) {
            return new Verdict.ConstraintViolated(
                    invalid.isBlank() ? "the evaluator calls it invalid" : invalid.strip());
        }
        JsonNode gate = json.get("gate_failed");
        if (gate == null || gate.isNull()) {
            return new Verdict.Accepted();
        }
        if (!gate.isObject() || !GATE_KEYS.containsAll(gate.propertyNames())) {
            throw new IllegalArgumentException("must hold an object with %s as gate_failed, and holds %s"
                    .formatted(new TreeSet<>(GATE_KEYS), Json.describe(gate)));
        }
        String reason = Json.text("gate_failed.reason", gate.get("reason"));
        return new Verdict.GateFailed(
                Limits.requireText(
                        "gate_failed.stage", Json.text("gate_failed.stage", gate.get("stage")), Limits.STAGE),
                reason == null || reason.isBlank() ? "the evaluator stopped there" : reason.strip());
    }

    private List<Measurement> metrics(@Nullable JsonNode node) {
        if (node == null || !(node.isArray() || node.isObject())) {
            throw new IllegalArgumentException(
                    "must hold 'metrics', a list of objects or an object of numbers, and holds "
                            + (node == null ? "none" : Json.describe(node)));
        }
        List<Measurement> metrics = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(item -> metrics.add(metric(metrics.size(), item)));
        } else {
            node.properties()
                    .forEach(entry -> metrics.add(new Measurement(
                            storableName(entry.getKey()),
                            value(entry.getKey(), entry.getValue(), false),
                            null,
                            expected(entry.getKey()),
                            Map.of())));
        }
        return UniqueNames.of(metrics);
    }

    private Measurement metric(int index, JsonNode node) {
        String where = "metrics[" + index + "]";
        if (!node.isObject()) {
            throw new IllegalArgumentException(
                    "must hold an object at '%s', and holds %s".formatted(where, Json.describe(node)));
        }
        String name =
                Limits.requireText(where + ".name", Json.text(where + ".name", node.get("name")), Limits.METRIC_NAME);
        Set<String> unknown = new TreeSet<>(node.propertyNames());
        unknown.removeAll(METRIC_KEYS);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("holds unknown keys %s in metric '%s'; known are %s"
                    .formatted(unknown, name, new TreeSet<>(METRIC_KEYS)));
        }
        boolean isPrivate = isTrue("private", name, node.get("private"));
        String unit = Json.text("the unit of metric " + name, node.get("unit"));
        return new Measurement(
                name,
                value(name, node.get("value"), isPrivate),
                unit == null || unit.isBlank() ? null : unit.strip(),
                direction(name, node),
                details(name, node.get("details")),
                spread(name, node.get("samples")),
                isPrivate);
    }

    /** Of the measurements that the value stands for, if the program tells them. */
    private static Spread spread(String name, @Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return Spread.SINGLE;
        }
        List<Double> samples = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(sample -> samples.add(sample.isNumber() ? Json.decimal(sample) : Double.NaN));
        }
        if (samples.isEmpty() || !samples.stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException(
                    "must hold a list of finite numbers as samples of metric '%s'".formatted(name));
        }
        return Spread.of(samples);
    }

    private static boolean isTrue(String key, String name, @Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return false;
        }
        if (!node.isBoolean()) {
            throw new IllegalArgumentException("must hold true or false as %s of metric '%s', and holds %s"
                    .formatted(key, name, Json.describe(node)));
        }
        return node.booleanValue();
    }

    private static String storableName(String name) {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("holds a metric whose name contains U+0000");
        }
        return name;
    }

    /** What it is instead of a number is not said of a private metric: it may be the number as a text. */
    private static double value(String name, @Nullable JsonNode node, boolean isPrivate) {
        if (node == null || !node.isNumber()) {
            throw new IllegalArgumentException("must hold a number as value of metric '%s', and holds %s"
                    .formatted(
                            Limits.clamp(name, 60),
                            node == null ? "none" : isPrivate ? "something else" : Json.describe(node)));
        }
        return Json.decimal(node);
    }

    private Direction direction(String name, JsonNode metric) {
        Direction named = named(name, metric.get("direction"));
        Direction flagged = metric.get("higher_is_better") == null
                        || metric.get("higher_is_better").isNull()
                ? null
                : Direction.of(isTrue("higher_is_better", name, metric.get("higher_is_better")));
        if (named != null && flagged != null && named != flagged) {
            throw new IllegalArgumentException(
                    "contradicts itself on metric '%s': direction and higher_is_better differ".formatted(name));
        }
        Direction stated = named != null ? named : flagged;
        return stated == null ? expected(name) : stated;
    }

    private static @Nullable Direction named(String name, @Nullable JsonNode node) {
        String text = Json.text("the direction of metric " + name, node);
        return switch (text) {
            case null -> null;
            case "maximize" -> Direction.MAXIMIZE;
            case "minimize" -> Direction.MINIMIZE;
            default ->
                throw new IllegalArgumentException(
                        "gives metric '%s' the direction '%s'; known are maximize and minimize"
                                .formatted(name, Limits.clamp(text, 40)));
        };
    }

    /** Where a result does not say: as the settings say, and up for everything that they do not name. */
    private Direction expected(String name) {
        return objective.directionOf(name).orElse(Direction.MAXIMIZE);
    }

    private static Map<String, Object> details(String name, @Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return Map.of();
        }
        if (!node.isObject()) {
            throw new IllegalArgumentException(
                    "must hold an object as details of metric '%s', and holds %s".formatted(name, Json.describe(node)));
        }
        return Json.values("the details of metric " + name, node);
    }

    private static List<String> logs(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return List.of();
        }
        if (!node.isArray()) {
            throw new IllegalArgumentException("must hold a list of texts as logs, and holds " + Json.describe(node));
        }
        List<String> lines = new ArrayList<>();
        for (JsonNode item : node) {
            String line = Json.text("logs[" + lines.size() + "]", item);
            lines.add(line == null ? "" : line);
        }
        return lines;
    }
}
