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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The JSON that JMH writes under {@code -rf json}: a metric for each benchmark, named by its class and method, and by its
 * parameters where it has some: {@code Sort.quick[size=1000]}; by its mode, too, where it ran under several: {@code
 * Sort.quick.thrpt}. Throughput is maximized, every kind of time minimized.
 */
public final class JmhFormat implements ReportFormat {

    /** {@code .sample}. */
    private static final int LONGEST_MODE = 7;

    @Override
    public String fileName() {
        return "jmh.json";
    }

    @Override
    public Report read(Exchange exchange, Path checkout) {
        JsonNode json = JsonReport.of(exchange);
        if (!json.isArray() || json.isEmpty()) {
            throw new IllegalArgumentException("must be JMH's list of benchmarks, and is " + Json.describe(json));
        }
        List<Measurement> metrics = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> namesakes = new HashSet<>();
        json.forEach(benchmark -> {
            if (!names.add(name(benchmark))) {
                namesakes.add(name(benchmark));
            }
        });
        json.forEach(benchmark -> metrics.add(metric(benchmark, namesakes.contains(name(benchmark)))));
        return new Report(null, UniqueNames.of(metrics), List.of(), null, new Verdict.Accepted());
    }

    private static Measurement metric(JsonNode benchmark, boolean withMode) {
        String mode = Json.text("mode", benchmark.get("mode"));
        String name = withMode
                ? Limits.clamp(name(benchmark), Limits.METRIC_NAME - LONGEST_MODE) + "." + mode
                : name(benchmark);
        JsonNode primary = benchmark.path("primaryMetric");
        JsonNode score = primary.path("score");
        if (!score.isNumber()) {
            throw new IllegalArgumentException("must hold a number as score of benchmark '%s', and holds %s"
                    .formatted(name, Json.describe(score)));
        }
        List<Double> samples = samples(primary.path("rawData"));
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("mode", mode == null ? "?" : mode);
        if (primary.path("scoreError").isNumber() && Double.isFinite(Json.decimal(primary.path("scoreError")))) {
            details.put("score_error", Json.decimal(primary.path("scoreError")));
        }
        return new Measurement(
                name,
                Json.decimal(score),
                unit(primary),
                "thrpt".equals(mode) ? Direction.MAXIMIZE : Direction.MINIMIZE,
                details,
                samples.isEmpty() ? Spread.SINGLE : Spread.of(samples),
                false);
    }

    private static String name(JsonNode benchmark) {
        String full = Json.text("benchmark", benchmark.get("benchmark"));
        if (full == null || full.isBlank()) {
            throw new IllegalArgumentException("holds a benchmark without a name");
        }
        int method = full.lastIndexOf('.');
        String shortName = full.substring(full.lastIndexOf('.', Math.max(method - 1, 0)) + 1);
        JsonNode parameters = benchmark.path("params");
        String name = parameters.isObject() && !parameters.isEmpty()
                ? shortName
                        + parameters.properties().stream()
                                .map(entry ->
                                        entry.getKey() + "=" + entry.getValue().asString())
                                .collect(Collectors.joining(",", "[", "]"))
                : shortName;
        return Limits.clamp(name, Limits.METRIC_NAME);
    }

    private static @Nullable String unit(JsonNode primary) {
        String unit = Json.text("scoreUnit", primary.get("scoreUnit"));
        return unit == null || unit.isBlank() ? null : Limits.clamp(unit, Limits.METRIC_UNIT);
    }

    /** The scores of all iterations of all forks; under {@code -bm sample} JMH writes pairs, which are not read. */
    private static List<Double> samples(JsonNode forks) {
        List<Double> samples = new ArrayList<>();
        forks.forEach(fork -> fork.forEach(iteration -> {
            if (iteration.isNumber() && Double.isFinite(Json.decimal(iteration))) {
                samples.add(Json.decimal(iteration));
            }
        }));
        return samples;
    }
}
