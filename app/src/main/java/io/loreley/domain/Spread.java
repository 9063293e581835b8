package io.loreley.domain;

import java.util.List;

/**
 * How often a value was measured, and how far the measurements lie apart.
 *
 * @param samples at least 1
 * @param deviation the standard deviation of a single measurement, with Bessel's correction; 0 for one sample, of which
 *     nothing is known
 */
public record Spread(int samples, double deviation) {

    public static final Spread SINGLE = new Spread(1, 0);

    public Spread {
        if (samples < 1) {
            throw new IllegalArgumentException("a value has at least one sample, not " + samples);
        }
        if (!(deviation >= 0 && deviation < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("a deviation of %s is no number from 0".formatted(deviation));
        }
    }

    /** The spread of finite values, of which there is at least one. */
    public static Spread of(List<Double> values) {
        if (values.size() == 1) {
            return SINGLE;
        }
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        return new Spread(values.size(), Math.sqrt(squares / (values.size() - 1)));
    }

    /**
     * The spread of measurements that are means themselves: what lies between them and what lies within them.
     *
     * @param values as many as there are spreads, at least one
     */
    public static Spread pooled(List<Double> values, List<Spread> spreads) {
        int samples = spreads.stream().mapToInt(Spread::samples).sum();
        if (samples == 1) {
            return SINGLE;
        }
        double mean = 0;
        for (int i = 0; i < values.size(); i++) {
            mean += values.get(i) * spreads.get(i).samples() / samples;
        }
        double squares = 0;
        for (int i = 0; i < values.size(); i++) {
            Spread within = spreads.get(i);
            double off = values.get(i) - mean;
            squares += within.samples() * off * off + (within.samples() - 1) * within.deviation() * within.deviation();
        }
        return new Spread(samples, Math.sqrt(squares / (samples - 1)));
    }
}
