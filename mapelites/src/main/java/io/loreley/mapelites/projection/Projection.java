package io.loreley.mapelites.projection;

import io.loreley.mapelites.Vector;
import java.util.List;

/**
 * An affine map from embeddings to measures: subtract the mean, take the components, divide by the scales, and stretch
 * what lies between the bounds to 0…1. Two measures may be compared only if one version made both.
 *
 * @param version counts the projections of one behaviour space, from 1
 * @param method how the components were found
 * @param mean f values, f being the length of an embedding
 * @param components k vectors of f values, orthonormal
 * @param explainedVariance k values: the variance of the samples along each component; empty for a random projection
 * @param scales k positive values that whiten the components, after the variance floor and shrinkage
 * @param lower k values: what maps to 0, in whitened units
 * @param upper k values: what maps to 1, in whitened units; above {@code lower} on each axis
 * @param samples how many embeddings it was fitted to
 */
public record Projection(
        int version,
        Method method,
        Vector mean,
        List<Vector> components,
        Vector explainedVariance,
        Vector scales,
        Vector lower,
        Vector upper,
        int samples) {

    public Projection {
        components = List.copyOf(components);
        int dimensions = components.size();
        if (version < 1 || samples < 1 || dimensions < 1) {
            throw new IllegalArgumentException("projection version %d to %d dimensions, fitted to %d samples"
                    .formatted(version, dimensions, samples));
        }
        int variances = method == Method.RANDOM ? 0 : dimensions;
        if (explainedVariance.length() != variances
                || scales.length() != dimensions
                || lower.length() != dimensions
                || upper.length() != dimensions) {
            throw new IllegalArgumentException(
                    "a projection to %d dimensions has %d variances, %d scales, %d lower and %d upper bounds"
                            .formatted(
                                    dimensions,
                                    explainedVariance.length(),
                                    scales.length(),
                                    lower.length(),
                                    upper.length()));
        }
        for (int axis = 0; axis < dimensions; axis++) {
            if (components.get(axis).length() != mean.length()) {
                throw new IllegalArgumentException("component %d has %d values, the mean %d"
                        .formatted(axis, components.get(axis).length(), mean.length()));
            }
            if (!(scales.get(axis) > 0 && lower.get(axis) < upper.get(axis))) {
                throw new IllegalArgumentException("axis %d has scale %s and bounds from %s to %s"
                        .formatted(axis, scales.get(axis), lower.get(axis), upper.get(axis)));
            }
        }
    }

    /** The number of axes. */
    public int dimensions() {
        return components.size();
    }

    /**
     * Where an embedding lies between the bounds of each axis; what lies outside is moved to the nearer bound.
     *
     * @param embedding as the samples were: of length 1 if they were normalised
     * @return one value from 0 to 1 an axis
     */
    public Vector project(Vector embedding) {
        if (embedding.length() != mean.length()) {
            throw new IllegalArgumentException("an embedding of length %d for a projection from length %d"
                    .formatted(embedding.length(), mean.length()));
        }
        double[] centred = embedding.toArray();
        Linear.add(centred, -1, mean.toArray());
        double[] measures = new double[dimensions()];
        for (int axis = 0; axis < measures.length; axis++) {
            double whitened = Linear.dot(components.get(axis).toArray(), centred) / scales.get(axis);
            double width = upper.get(axis) - lower.get(axis);
            measures[axis] = Math.clamp((whitened - lower.get(axis)) / width, 0.0, 1.0);
        }
        return Vector.of(measures);
    }

    /** How the components of a projection were found. */
    public enum Method {
        /** Drawn from a seeded generator, until there are samples enough to fit. */
        RANDOM,
        /** The principal components of the samples. */
        PCA
    }
}
