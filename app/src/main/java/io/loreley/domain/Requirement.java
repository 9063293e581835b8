package io.loreley.domain;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a metric must keep to, written {@code latency_ms <= 20}.
 *
 * @param bound finite
 */
public record Requirement(String metric, Comparison comparison, double bound) {

    private static final Pattern SHAPE =
            Pattern.compile("(.*?)\\s*(<=|>=|==|<|>)\\s*([-+]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d{1,3})?)");

    public Requirement {
        Limits.requireText("the metric of a requirement", metric, Limits.METRIC_NAME);
        if (!Double.isFinite(bound)) {
            throw new IllegalArgumentException("the bound of '%s' is %s, and must be finite".formatted(metric, bound));
        }
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException if it is no comparison of a metric with a number
     */
    public static Requirement parse(String text) {
        Matcher matcher = SHAPE.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "expected a metric, one of %s and a number, as in 'latency_ms <= 20'; found '%s'"
                            .formatted(
                                    Arrays.stream(Comparison.values())
                                            .map(Comparison::sign)
                                            .collect(Collectors.joining(" ")),
                                    Limits.clamp(text, 80)));
        }
        return new Requirement(matcher.group(1), Comparison.of(matcher.group(2)), Double.parseDouble(matcher.group(3)));
    }

    public boolean isMetBy(double value) {
        return switch (comparison) {
            case LESS -> value < bound;
            case AT_MOST -> value <= bound;
            case EQUAL -> value == bound;
            case AT_LEAST -> value >= bound;
            case MORE -> value > bound;
        };
    }

    @Override
    public String toString() {
        String number = bound == Math.rint(bound) && Math.abs(bound) < 1e15 ? "%.0f".formatted(bound) : "" + bound;
        return "%s %s %s".formatted(metric, comparison.sign(), number);
    }

    /** How the value is compared with the bound. */
    public enum Comparison {
        LESS("<"),
        AT_MOST("<="),
        EQUAL("=="),
        AT_LEAST(">="),
        MORE(">");

        private final String sign;

        Comparison(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }

        private static Comparison of(String sign) {
            return Arrays.stream(values())
                    .filter(comparison -> comparison.sign.equals(sign))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
