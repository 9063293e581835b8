package io.loreley.web;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers with the digits that a drawing can show and no more: steps of a five-hundredth of their range, or finer, where
 * colours have 256. Digits that nobody sees are what does not compress.
 *
 * @param digits after the point; below 0, so many digits before it are 0
 */
record Rounding(int digits) {

    private static final double STEPS = 500;
    private static final int MOST_DIGITS = 12;
    /** What cannot be rounded: it is all the same, or lies too close. */
    private static final int ALL = Integer.MAX_VALUE;

    /** As many digits as the pages show of a number. */
    private static final MathContext SHOWN = new MathContext(7);

    /** A number that can be read off, not only seen: with the digits that it is shown with. */
    static @Nullable Double shown(@Nullable Double value) {
        if (value == null || !Double.isFinite(value)) {
            return value;
        }
        return new BigDecimal(value).round(SHOWN).doubleValue();
    }

    static Rounding within(List<@Nullable Double> values) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Double value : values) {
            if (value != null) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        if (!(high > low)) {
            return new Rounding(ALL);
        }
        double digits = Math.ceil(StrictMath.log10(STEPS / (high - low)));
        return new Rounding(digits > MOST_DIGITS ? ALL : (int) digits);
    }

    List<@Nullable Double> all(List<@Nullable Double> values) {
        if (digits == ALL) {
            return values;
        }
        // A whole number: what is rounded by it is written short.
        double power = StrictMath.pow(10, Math.abs(digits));
        List<@Nullable Double> rounded = new ArrayList<>(values.size());
        for (Double value : values) {
            rounded.add(value == null ? null : rounded(value, power));
        }
        return rounded;
    }

    private double rounded(double value, double power) {
        return digits < 0 ? Math.rint(value / power) * power : Math.rint(value * power) / power;
    }
}
