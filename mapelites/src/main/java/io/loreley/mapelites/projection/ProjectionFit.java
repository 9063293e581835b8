package io.loreley.mapelites.projection;

import io.loreley.mapelites.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Fits projections to samples. What it returns follows from the samples, their order and the seed.
 */
final class ProjectionFit {

    /** An axis whose spread is below this part of that of the first would only blow up noise. */
    private static final double SPREAD_FLOOR = 0.01;

    /** The bounds of an axis are these quantiles of the samples, so that a few outliers do not squeeze the rest. */
    private static final double LOWER_QUANTILE = 0.02;

    private static final double UPPER_QUANTILE = 0.98;

    /** What is added beyond each quantile, as a part of their distance: room for what the search finds next. */
    private static final double MARGIN = 0.1;

    /** Bounds where the samples are too few for quantiles: two standard deviations. */
    private static final double DEFAULT_BOUND = 2;

    private final int dimensions;
    private final long seed;

    ProjectionFit(int dimensions, long seed) {
        this.dimensions = dimensions;
        this.seed = seed;
    }

    /** Random axes through the centre of the samples, with one scale for all. */
    Projection random(int version, double[][] samples) {
        double[] mean = PrincipalComponents.mean(samples);
        Basis basis = new Basis(mean.length, new SplittableRandom(seed));
        for (int i = 0; i < dimensions; i++) {
            basis.addRandom();
        }
        double squares = 0;
        for (double[] row : PrincipalComponents.centred(samples, mean)) {
            squares += Linear.dot(row, row);
        }
        double degrees = Math.max(1, samples.length - 1);
        double spread = squares > 0 ? Math.sqrt(squares / degrees / mean.length) : unknownSpread(mean);
        return new Projection(
                version,
                Projection.Method.RANDOM,
                Vector.of(mean),
                rows(basis.rows()),
                Vector.of(),
                constant(spread),
                constant(-DEFAULT_BOUND),
                constant(DEFAULT_BOUND),
                samples.length);
    }

    /** Principal axes. */
    Projection principal(int version, double[][] samples) {
        PrincipalComponents found = PrincipalComponents.of(samples, dimensions, new SplittableRandom(seed));
        double[] scales = scales(found);
        double[] lower = new double[dimensions];
        double[] upper = new double[dimensions];
        for (int axis = 0; axis < dimensions; axis++) {
            double[] component = found.components[axis];
            double offset = Linear.dot(component, found.mean);
            double scale = scales[axis];
            double[] scores = Arrays.stream(samples)
                    .mapToDouble(sample -> (Linear.dot(component, sample) - offset) / scale)
                    .sorted()
                    .toArray();
            double low = quantile(scores, LOWER_QUANTILE);
            double high = quantile(scores, UPPER_QUANTILE);
            lower[axis] = Math.min(low - MARGIN * (high - low), -DEFAULT_BOUND / 2);
            upper[axis] = Math.max(high + MARGIN * (high - low), DEFAULT_BOUND / 2);
        }
        return new Projection(
                version,
                Projection.Method.PCA,
                Vector.of(found.mean),
                rows(found.components),
                Vector.of(found.variances),
                Vector.of(scales),
                Vector.of(lower),
                Vector.of(upper),
                samples.length);
    }

    private double[] scales(PrincipalComponents found) {
        double first = Math.sqrt(found.variances[0]);
        if (first == 0) {
            double[] scales = new double[dimensions];
            Arrays.fill(scales, unknownSpread(found.mean));
            return scales;
        }
        return Arrays.stream(found.variances)
                .map(variance -> Math.max(Math.sqrt(variance), SPREAD_FLOOR * first))
                .toArray();
    }

    /** A guess where all samples are equal: a part of their length, spread over all elements. */
    private static double unknownSpread(double[] mean) {
        double norm = Linear.norm(mean);
        return (norm > 0 ? 0.1 * norm : 1) / Math.sqrt(mean.length);
    }

    private static double quantile(double[] sorted, double part) {
        double position = part * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    private Vector constant(double value) {
        double[] values = new double[dimensions];
        Arrays.fill(values, value);
        return Vector.of(values);
    }

    private static List<Vector> rows(double[][] rows) {
        return Stream.of(rows).map(Vector::of).toList();
    }
}
