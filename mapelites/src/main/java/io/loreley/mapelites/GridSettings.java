package io.loreley.mapelites;

import java.util.Collections;
import java.util.List;

/**
 * A grid of equal cells over a box of measures.
 *
 * @param cellsPerDimension one positive number an axis; their product must fit a long
 * @param lower one finite bound an axis
 * @param upper one finite bound an axis, above the lower one
 * @param learningRate 0 to 1: how far a new elite raises the threshold of its cell; 1 is plain MAP-Elites
 * @param minimumThreshold what the first candidate of a cell must exceed; minus infinity lets every candidate in
 * @param epsilon tolerance, in units of a cell times its width, that moves a measure just below a boundary above it
 * @param qdScoreOffset subtracted from each objective in the QD score, so that a poor elite does not lower it
 */
public record GridSettings(
        List<Integer> cellsPerDimension,
        List<Double> lower,
        List<Double> upper,
        double learningRate,
        double minimumThreshold,
        double epsilon,
        double qdScoreOffset) {

    private static final double DEFAULT_EPSILON = 1e-6;

    public GridSettings {
        cellsPerDimension = List.copyOf(cellsPerDimension);
        lower = List.copyOf(lower);
        upper = List.copyOf(upper);
        int dimensions = cellsPerDimension.size();
        if (dimensions == 0) {
            throw new IllegalArgumentException("a grid needs at least one dimension");
        }
        if (lower.size() != dimensions || upper.size() != dimensions) {
            throw new IllegalArgumentException("%d dimensions with %d lower and %d upper bounds"
                    .formatted(dimensions, lower.size(), upper.size()));
        }
        for (int axis = 0; axis < dimensions; axis++) {
            if (cellsPerDimension.get(axis) < 1) {
                throw new IllegalArgumentException("%d cells on axis %d".formatted(cellsPerDimension.get(axis), axis));
            }
            double width = upper.get(axis) - lower.get(axis);
            if (!(width > 0 && width < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("axis %d reaches from %s to %s; bounds are finite and ascending"
                        .formatted(axis, lower.get(axis), upper.get(axis)));
            }
        }
        if (!(epsilon >= 0 && epsilon < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("epsilon is %s".formatted(epsilon));
        }
        product(cellsPerDimension);
        new Acceptance(learningRate, minimumThreshold, qdScoreOffset);
    }

    /** Plain MAP-Elites over [0, 1] on each axis. */
    public static GridSettings uniform(int dimensions, int cells) {
        return new GridSettings(
                Collections.nCopies(dimensions, cells),
                Collections.nCopies(dimensions, 0.0),
                Collections.nCopies(dimensions, 1.0),
                1,
                Double.NEGATIVE_INFINITY,
                DEFAULT_EPSILON,
                0);
    }

    public int dimensions() {
        return cellsPerDimension.size();
    }

    /** The number of cells. */
    public long cells() {
        return product(cellsPerDimension);
    }

    Acceptance acceptance() {
        return new Acceptance(learningRate, minimumThreshold, qdScoreOffset);
    }

    private static long product(List<Integer> cellsPerDimension) {
        long product = 1;
        for (int cells : cellsPerDimension) {
            if (product > Long.MAX_VALUE / cells) {
                throw new IllegalArgumentException(
                        "a grid of %s cells has more cells than a long can count".formatted(cellsPerDimension));
            }
            product *= cells;
        }
        return product;
    }
}
