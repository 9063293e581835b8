package io.loreley.web;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers with the digits that a drawing can show and no more: steps of about a thousandth of their range. Digits that
 * nobody sees are what does not compress.
 *
 * @param factor a power of ten, so that the rounded numbers are written short
 */
record Rounding(double factor) {

    private static final double STEPS = 1000;
    private static final int MOST_DIGITS = 12;

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
            return new Rounding(0);
        }
        double digits = Math.ceil(StrictMath.log10(STEPS / (high - low)));
        return new Rounding(digits > MOST_DIGITS ? 0 : StrictMath.pow(10, Math.max(0, digits)));
    }

    /** The values, rounded; as they are if they are all the same, or lie too close. */
    List<@Nullable Double> all(List<@Nullable Double> values) {
        if (factor == 0) {
            return values;
        }
        List<@Nullable Double> rounded = new ArrayList<>(values.size());
        for (Double value : values) {
            rounded.add(value == null ? null : Math.rint(value * factor) / factor);
        }
        return rounded;
    }
}
