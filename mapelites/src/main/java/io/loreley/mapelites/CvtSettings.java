package io.loreley.mapelites;

import java.util.List;

/**
 * Cells given by their centroids.
 *
 * @param centroids at least one, all of the same length; the number of a cell is the place of its centroid
 * @param learningRate 0 to 1: how far a new elite raises the threshold of its cell; 1 is plain MAP-Elites
 * @param minimumThreshold what the first candidate of a cell must exceed; minus infinity lets every candidate in
 * @param qdScoreOffset subtracted from each objective in the QD score, so that a poor elite does not lower it
 */
public record CvtSettings(List<Vector> centroids, double learningRate, double minimumThreshold, double qdScoreOffset) {

    public CvtSettings {
        centroids = List.copyOf(centroids);
        if (centroids.isEmpty() || centroids.getFirst().length() == 0) {
            throw new IllegalArgumentException("a tessellation needs at least one centroid of at least one dimension");
        }
        int dimensions = centroids.getFirst().length();
        for (Vector centroid : centroids) {
            if (centroid.length() != dimensions) {
                throw new IllegalArgumentException(
                        "centroids of %d and of %d dimensions".formatted(dimensions, centroid.length()));
            }
        }
        new Acceptance(learningRate, minimumThreshold, qdScoreOffset);
    }

    /** Plain MAP-Elites over cells of about equal size in [0, 1] on each axis; the same seed gives the same cells. */
    public static CvtSettings uniform(int dimensions, int cells, long seed) {
        return new CvtSettings(Tessellation.uniform(dimensions, cells, seed), 1, Double.NEGATIVE_INFINITY, 0);
    }

    public int dimensions() {
        return centroids.getFirst().length();
    }

    Acceptance acceptance() {
        return new Acceptance(learningRate, minimumThreshold, qdScoreOffset);
    }
}
