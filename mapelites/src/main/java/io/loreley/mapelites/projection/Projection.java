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
    }

    /** How the components of a projection were found. */
    public enum Method {
        /** Drawn from a seeded generator, until there are samples enough to fit. */
        RANDOM,
        /** The principal components of the samples. */
        PCA
    }
}
