package io.loreley.domain;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One number that an evaluator reported. Finite, named, and stored as a row of {@code metrics}.
 *
 * @param unit what one of it is, at most 32 characters
 * @param details whatever else the evaluator said of it, as JSON values
 * @param isPrivate kept from agents: it is stored and shown to people only
 */
public record Measurement(
        String name,
        double value,
        @Nullable String unit,
        Direction direction,
        Map<String, Object> details,
        Spread spread,
        boolean isPrivate) {

    public Measurement {
        Limits.requireText("metric name", name, Limits.METRIC_NAME);
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("metric '%s' is %s; a metric must be finite".formatted(name, value));
        }
        if (unit != null && unit.length() > Limits.METRIC_UNIT) {
            throw new IllegalArgumentException("the unit of metric '%s' has %d characters, and at most %d can be stored"
                    .formatted(name, unit.length(), Limits.METRIC_UNIT));
        }
        // Map.copyOf would refuse a JSON null.
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** Measured once, and no secret. */
    public Measurement(
            String name, double value, @Nullable String unit, Direction direction, Map<String, Object> details) {
        this(name, value, unit, direction, details, Spread.SINGLE, false);
    }

    /** The same metric with another value, measured so often. */
    public Measurement measured(double newValue, Spread newSpread) {
        return new Measurement(name, newValue, unit, direction, details, newSpread, isPrivate);
    }
}
