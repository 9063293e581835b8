package io.loreley.mapelites.projection;

import io.loreley.mapelites.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Fits projections to samples. What it returns follows from the samples, their order and the seed.
 *
 * <p>Scales and bounds are made for the embeddings to come, not for those at hand. The scale of a principal axis is the
 * spread that new samples will have ({@link SpikedSpectrum}), no less than a part of that of the first axis. The bounds
 * are quantiles of the scores, each axis in units of the sample's own spread: the shape of the distribution is that of
 * the sample, its width that of what comes.
 */
final class ProjectionFit {

    /** An axis whose spread is below this part of that of the first would only blow up noise. */
    private static final double SPREAD_FLOOR = 0.01;

    /** The bounds of an axis come from these quantiles, so that a few outliers do not squeeze the rest. */
    private static final double LOWER_QUANTILE = 0.02;

    private static final double UPPER_QUANTILE = 0.98;

    /** What is added beyond each quantile, as a part of their distance: room for what the search finds next. */
    private static final double MARGIN = 0.1;

    /** No bound is nearer to the mean than this many standard deviations. */
    private static final double LEAST_BOUND = 1;

    /** Both bounds of a random axis, in standard deviations. */
    private static final double RANDOM_BOUND = 2;

    /** The spread of embeddings about which nothing is known, as a part of their length. */
    private static final double UNKNOWN_SPREAD = 0.1;

    private final int dimensions;
    private final long seed;

    ProjectionFit(int dimensions, long seed) {
        this.dimensions = dimensions;
        this.seed = seed;
    }

    /** Random axes through the centre of the sample, one scale for all: few samples tell no more than that. */
    Projection random(int version, CentredSample sample) {
        Basis basis = new Basis(sample.length(), new SplittableRandom(seed));
        for (int i = 0; i < dimensions; i++) {
            basis.addRandom();
        }
        double variance = sample.totalVariance() / sample.length();
        double spread = variance > 0 ? Math.sqrt(variance) : unknownSpread(sample);
        return new Projection(
                version,
                Projection.Method.RANDOM,
                Vector.of(sample.mean()),
                basis.from(0).stream().map(Vector::of).toList(),
                Vector.of(),
                constant(spread),
                constant(-RANDOM_BOUND),
                constant(RANDOM_BOUND),
                sample.size());
    }

    /** Principal axes. */
    Projection principal(int version, CentredSample sample) {
        PrincipalComponents found = PrincipalComponents.of(sample, dimensions, new SplittableRandom(seed));
        List<Bounds> bounds = IntStream.range(0, dimensions)
                .mapToObj(axis -> bounds(sample.scores(found.component(axis)), found.variance(axis)))
                .toList();
        return new Projection(
                version,
                Projection.Method.PCA,
                Vector.of(sample.mean()),
                IntStream.range(0, dimensions)
                        .mapToObj(axis -> Vector.of(found.component(axis)))
                        .toList(),
                vector(axis -> found.variance(axis)),
                scales(sample, found),
                vector(axis -> bounds.get(axis).lower()),
                vector(axis -> bounds.get(axis).upper()),
                sample.size());
    }

    private Vector scales(CentredSample sample, PrincipalComponents found) {
        SpikedSpectrum spectrum = new SpikedSpectrum(sample, found);
        double first = Math.sqrt(spectrum.heldOutVariance(found.variance(0)));
        if (first == 0) {
            return constant(unknownSpread(sample));
        }
        return vector(
                axis -> Math.max(Math.sqrt(spectrum.heldOutVariance(found.variance(axis))), SPREAD_FLOOR * first));
    }

    /** In units of the standard deviation of the scores. */
    private static Bounds bounds(double[] scores, double variance) {
        if (variance == 0) {
            return new Bounds(-RANDOM_BOUND, RANDOM_BOUND);
        }
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        double low = Quantiles.of(sorted, LOWER_QUANTILE) / Math.sqrt(variance);
        double high = Quantiles.of(sorted, UPPER_QUANTILE) / Math.sqrt(variance);
        double margin = MARGIN * (high - low);
        return new Bounds(Math.min(low - margin, -LEAST_BOUND), Math.max(high + margin, LEAST_BOUND));
    }

    private static double unknownSpread(CentredSample sample) {
        double norm = Linear.norm(sample.mean());
        return (norm > 0 ? UNKNOWN_SPREAD * norm : 1) / Math.sqrt(sample.length());
    }

    private Vector constant(double value) {
        return vector(axis -> value);
    }

    private Vector vector(IntToDoubleFunction value) {
        return Vector.of(IntStream.range(0, dimensions).mapToDouble(value).toArray());
    }
}
