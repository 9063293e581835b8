package io.loreley.mapelites.projection;

/** What maps to 0 and what maps to 1 on an axis: finite, ascending, and with a finite distance. */
public record Bounds(double lower, double upper) {

    public Bounds {
        double width = upper - lower;
        if (!(width > 0 && width < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "an axis from %s to %s; bounds are finite and ascending".formatted(lower, upper));
        }
    }

    /** Where a value lies, from 0 to 1; what lies outside is moved to the nearer bound. */
    double position(double value) {
        return Math.clamp((value - lower) / (upper - lower), 0.0, 1.0);
    }

    boolean contains(double value) {
        return lower <= value && value <= upper;
    }
}
