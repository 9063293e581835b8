package io.loreley.evaluation;

import io.loreley.domain.Direction;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Json;
import io.loreley.domain.Limits;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Objective;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the result of the evaluator contract. Strict, because a number that is misread steers the whole search: refuses
 * with {@link IllegalArgumentException} whatever it does not know about a metric, and with OBJECTIVE_MISSING a result
 * without the objective.
 */
final class ResultReader {

    private static final Set<String> METRIC_KEYS =
            Set.of("name", "value", "unit", "direction", "higher_is_better", "details");

    private final Objective objective;
    private final int maxMetrics;

    ResultReader(Objective objective, int maxMetrics) {
        this.objective = objective;
        this.maxMetrics = maxMetrics;
    }

    Evaluation read(byte[] content) {
        JsonNode json = Json.parse(content);
        if (!json.isObject()) {
            throw new IllegalArgumentException("must be an object, and is " + Json.describe(json));
        }
        List<Measurement> metrics = metrics(json.get("metrics"));
        Measurement reached = objectiveAmong(metrics);
        String summary = Json.text("summary", json.get("summary"));
        return new Evaluation(
                summary == null || summary.isBlank() ? reached.name() + " = " + reached.value() : summary.strip(),
                metrics,
                logs(json.get("logs")));
    }

    private List<Measurement> metrics(@Nullable JsonNode node) {
        if (node == null || !(node.isArray() || node.isObject())) {
            throw new IllegalArgumentException(
                    "must hold 'metrics', a list of objects or an object of numbers, and holds "
                            + (node == null ? "none" : Json.describe(node)));
        }
        if (node.size() > maxMetrics) {
            throw new IllegalArgumentException(
                    "holds %d metrics, and evaluator.max-metrics allows %d".formatted(node.size(), maxMetrics));
        }
        List<Measurement> metrics = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(item -> metrics.add(metric(metrics.size(), item)));
        } else {
            node.properties()
                    .forEach(entry -> metrics.add(new Measurement(
                            storableName(entry.getKey()),
                            value(entry.getKey(), entry.getValue()),
                            null,
                            expected(entry.getKey()),
                            Map.of())));
        }
        Set<String> names = new HashSet<>();
        for (Measurement metric : metrics) {
            if (!names.add(metric.name())) {
                throw new IllegalArgumentException("holds the metric '%s' twice".formatted(metric.name()));
            }
        }
        return metrics;
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
        String unit = Json.text("the unit of metric " + name, node.get("unit"));
        return new Measurement(
                name,
                value(name, node.get("value")),
                unit == null || unit.isBlank() ? null : unit.strip(),
                direction(name, node),
                details(name, node.get("details")));
    }

    private static String storableName(String name) {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("holds a metric whose name contains U+0000");
        }
        return name;
    }

    private static double value(String name, @Nullable JsonNode node) {
        if (node == null || !node.isNumber()) {
            throw new IllegalArgumentException("must hold a number as value of metric '%s', and holds %s"
                    .formatted(Limits.clamp(name, 60), node == null ? "none" : Json.describe(node)));
        }
        return Json.decimal(node);
    }

    private Direction direction(String name, JsonNode metric) {
        Direction named = named(name, metric.get("direction"));
        Direction flagged = flagged(name, metric.get("higher_is_better"));
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

    private static @Nullable Direction flagged(String name, @Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isBoolean()) {
            throw new IllegalArgumentException(
                    "must hold true or false as higher_is_better of metric '%s', and holds %s"
                            .formatted(name, Json.describe(node)));
        }
        return Direction.of(node.booleanValue());
    }

    /** Where a result does not say: as the settings say of the objective, and up for everything else. */
    private Direction expected(String name) {
        return name.equals(objective.metric()) ? objective.direction() : Direction.MAXIMIZE;
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

    private Measurement objectiveAmong(List<Measurement> metrics) {
        Measurement found = metrics.stream()
                .filter(metric -> metric.name().equals(objective.metric()))
                .findFirst()
                .orElseThrow(() -> new LoreleyException(
                        FailureKind.OBJECTIVE_MISSING,
                        "The evaluator's result lacks the objective '%s'; it holds %s. Report it, or set objective.metric."
                                .formatted(
                                        objective.metric(),
                                        metrics.stream().map(Measurement::name).toList())));
        if (found.direction() != objective.direction()) {
            throw new IllegalArgumentException("says %s of the objective '%s', and objective.direction says %s"
                    .formatted(found.direction(), found.name(), objective.direction()));
        }
        return found;
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
