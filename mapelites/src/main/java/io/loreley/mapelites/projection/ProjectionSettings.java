package io.loreley.mapelites.projection;

/**
 * How a behaviour space learns its axes.
 *
 * @param dimensions how many measures an embedding becomes
 * @param minFitSamples from how many embeddings principal components are used; until then the axes are random
 * @param historySize how many embeddings are remembered; the oldest is forgotten first
 * @param refitGrowth the projection is fitted again when the history has grown by this factor since the last fit; above 1
 * @param normalize whether embeddings are scaled to length 1 first, so that only their direction counts
 */
public record ProjectionSettings(
        int dimensions, int minFitSamples, int historySize, double refitGrowth, boolean normalize) {

    public ProjectionSettings {
        if (dimensions < 1) {
            throw new IllegalArgumentException("a behaviour space of %d dimensions".formatted(dimensions));
        }
        if (minFitSamples < 2) {
            throw new IllegalArgumentException("components need 2 samples or more, not %d".formatted(minFitSamples));
        }
        if (historySize < minFitSamples) {
            throw new IllegalArgumentException("a history of %d can never hold the %d samples of the first fit"
                    .formatted(historySize, minFitSamples));
        }
        if (!(refitGrowth > 1 && refitGrowth < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("a refit after growth by %s; it must be above 1".formatted(refitGrowth));
        }
    }

    /** Components from 32 samples, a history of 4,096, a refit after growth by a half, normalised. */
    public static ProjectionSettings of(int dimensions) {
        return new ProjectionSettings(dimensions, 32, 4096, 1.5, true);
    }
}
