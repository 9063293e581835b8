package io.loreley.mapelites.projection;

/** Quantiles of a sample, by linear interpolation between its values. */
final class Quantiles {

    private Quantiles() {}

    /**
     * @param sorted at least one value, ascending
     * @param part 0 for the least, 1 for the greatest
     */
    static double of(double[] sorted, double part) {
        double position = part * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
