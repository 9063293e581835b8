package io.loreley.mapelites;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Centroids that divide a box into cells of about equal size: the means that Lloyd's iteration finds among many points
 * drawn uniformly (Vassiliades, Chatzilygeroudis and Mouret 2018).
 */
final class Tessellation {

    /** Points for each cell: enough that no cell owes its place to a few. */
    private static final int POINTS_PER_CELL = 40;

    /** The means hardly move after this many iterations. */
    private static final int MAX_ITERATIONS = 25;

    private Tessellation() {}

    /** Within [0, 1] on each axis. */
    static List<Vector> uniform(int dimensions, int cells, long seed) {
        if (dimensions < 1 || cells < 1) {
            throw new IllegalArgumentException("%d cells in %d dimensions".formatted(cells, dimensions));
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[][] points = Stream.generate(() -> random.doubles(dimensions).toArray())
                .limit((long) POINTS_PER_CELL * cells)
                .toArray(double[][]::new);
        double[][] centroids =
                Stream.of(points).limit(cells).map(double[]::clone).toArray(double[][]::new);
        boolean moved = true;
        for (int i = 0; moved && i < MAX_ITERATIONS; i++) {
            moved = moveToMeans(centroids, points);
        }
        return Stream.of(centroids).map(Vector::of).toList();
    }

    /** Moves each centroid to the mean of the points nearest to it; whether any moved. */
    private static boolean moveToMeans(double[][] centroids, double[][] points) {
        double[][] sums = new double[centroids.length][centroids[0].length];
        int[] counts = new int[centroids.length];
        KdTree tree = new KdTree(centroids);
        for (double[] point : points) {
            int nearest = tree.nearest(point);
            counts[nearest]++;
            for (int axis = 0; axis < point.length; axis++) {
                sums[nearest][axis] += point[axis];
            }
        }
        boolean moved = false;
        for (int i = 0; i < centroids.length; i++) {
            for (int axis = 0; counts[i] > 0 && axis < centroids[i].length; axis++) {
                double mean = sums[i][axis] / counts[i];
                moved |= mean != centroids[i][axis];
                centroids[i][axis] = mean;
            }
        }
        return moved;
    }
}
