package io.loreley.evaluation;

import io.loreley.domain.Direction;
import io.loreley.domain.Measurement;
import io.loreley.domain.Spread;
import io.loreley.domain.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An evaluation as JSON values and back, exactly: what is stored of a finished stage. */
public final class EvaluationJson {

    private EvaluationJson() {}

    public static Map<String, Object> of(Evaluation evaluation) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("summary", evaluation.summary());
        json.put(
                "metrics", evaluation.metrics().stream().map(EvaluationJson::of).toList());
        json.put("logs", evaluation.logs());
        switch (evaluation.verdict()) {
            case Verdict.Accepted() -> {}
            case Verdict.GateFailed(String stage, String reason) ->
                json.put("gate_failed", Map.of("stage", stage, "reason", reason));
            case Verdict.ConstraintViolated(String reason) -> json.put("invalid", reason);
        }
        if (evaluation.feedback() != null) {
            json.put("feedback", evaluation.feedback());
        }
        return json;
    }

    private static Map<String, Object> of(Measurement metric) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", metric.name());
        json.put("value", metric.value());
        if (metric.unit() != null) {
            json.put("unit", metric.unit());
        }
        json.put("higher_is_better", metric.direction().higherIsBetter());
        json.put("details", metric.details());
        if (metric.spread().samples() > 1) {
            json.put(
                    "spread", List.of(metric.spread().samples(), metric.spread().deviation()));
        }
        if (metric.isPrivate()) {
            json.put("private", true);
        }
        return json;
    }

    /** The evaluation that {@link #of} was told. */
    @SuppressWarnings("unchecked")
    public static Evaluation read(@Nullable Map<String, Object> json) {
        Objects.requireNonNull(json, "a finished stage without a result");
        return new Evaluation(
                (String) required(json, "summary"),
                ((List<Map<String, Object>>) required(json, "metrics"))
                        .stream().map(EvaluationJson::metric).toList(),
                (List<String>) required(json, "logs"),
                verdict(json),
                (String) json.get("feedback"));
    }

    private static Verdict verdict(Map<String, Object> json) {
        return switch (json.get("gate_failed")) {
            case Map<?, ?> gate ->
                new Verdict.GateFailed(String.valueOf(gate.get("stage")), String.valueOf(gate.get("reason")));
            case null, default ->
                json.get("invalid") instanceof String reason
                        ? new Verdict.ConstraintViolated(reason)
                        : new Verdict.Accepted();
        };
    }

    @SuppressWarnings("unchecked")
    private static Measurement metric(Map<String, Object> json) {
        return new Measurement(
                (String) required(json, "name"),
                ((Number) required(json, "value")).doubleValue(),
                (String) json.get("unit"),
                Direction.of((Boolean) required(json, "higher_is_better")),
                (Map<String, Object>) required(json, "details"),
                json.get("spread") instanceof List<?> spread
                        ? new Spread(((Number) spread.get(0)).intValue(), ((Number) spread.get(1)).doubleValue())
                        : Spread.SINGLE,
                json.get("private") instanceof Boolean isPrivate && isPrivate);
    }

    private static Object required(Map<String, Object> json, String key) {
        return Objects.requireNonNull(json.get(key), key);
    }
}
