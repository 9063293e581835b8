package io.loreley.evaluation.report;

import io.loreley.contract.Exchange;
import io.loreley.domain.Direction;
import io.loreley.domain.Json;
import io.loreley.domain.Limits;
import io.loreley.domain.Measurement;
import io.loreley.domain.Spread;
import io.loreley.domain.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The JSON that hyperfine exports: {@code mean}, {@code median}, {@code min} and {@code max} in seconds, minimized, with
 * the single runs as samples. Of several commands each has its name before it: {@code grep.median}, the command's own line
 * where {@code --command-name} gave none.
 */
public final class HyperfineFormat implements ReportFormat {

    private static final List<String> FIGURES = List.of("mean", "median", "min", "max");

    @Override
    public String fileName() {
        return "hyperfine.json";
    }

    @Override
    public Report read(Exchange exchange, Path checkout) {
        JsonNode results = JsonReport.of(exchange).path("results");
        if (!results.isArray() || results.isEmpty()) {
            throw new IllegalArgumentException("must hold hyperfine's list of results");
        }
        List<Measurement> metrics = new ArrayList<>();
        for (JsonNode result : results) {
            String prefix = results.size() == 1 ? "" : Json.text("command", result.get("command")) + ".";
            List<Double> times = times(result.path("times"));
            for (String figure : FIGURES) {
                metrics.add(new Measurement(
                        Limits.clamp(prefix, Limits.METRIC_NAME - figure.length()) + figure,
                        number(figure, result.path(figure)),
                        "s",
                        Direction.MINIMIZE,
                        Map.of(),
                        figure.startsWith("me") && !times.isEmpty() ? Spread.of(times) : Spread.SINGLE,
                        false));
            }
        }
        return new Report(null, UniqueNames.of(metrics), List.of(), null, new Verdict.Accepted());
    }

    private static List<Double> times(JsonNode node) {
        List<Double> times = new ArrayList<>();
        node.forEach(time -> times.add(number("times", time)));
        return times;
    }

    private static double number(String figure, JsonNode node) {
        if (!node.isNumber() || !Double.isFinite(Json.decimal(node))) {
            throw new IllegalArgumentException(
                    "must hold a number as %s, and holds %s".formatted(figure, Json.describe(node)));
        }
        return Json.decimal(node);
    }
}
