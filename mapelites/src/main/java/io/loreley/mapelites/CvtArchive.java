package io.loreley.mapelites;

import java.util.ArrayList;
import java.util.List;

/**
 * A fixed number of cells whatever the number of dimensions: each is what lies nearest to one of k centroids (Vassiliades,
 * Chatzilygeroudis and Mouret 2018). Where a grid of many dimensions has so many cells that candidates never meet, a
 * tessellation keeps them competing. For one thread.
 */
public final class CvtArchive<T> extends CellArchive<T> {

    private final double[][] centroids;
    private final KdTree tree;

    public CvtArchive(CvtSettings settings) {
        super(settings.acceptance());
        centroids = settings.centroids().stream().map(Vector::toArray).toArray(double[][]::new);
        tree = new KdTree(centroids);
    }

    @Override
    public long cellOf(Vector measures) {
        requireDimensions(measures);
        return tree.nearest(measures.toArray());
    }

    /**
     * {@inheritDoc}
     *
     * <p>Cells of a tessellation stand in no rows, so distance counts centroids: the nearest 2d of them, as many as a cell of
     * a grid in d dimensions has faces, are at distance 1, the next 2d at 2, and so on.
     */
    @Override
    public List<Neighbour<T>> neighbours(long cell, int radius) {
        requireCell(cell);
        long ring = 2L * dimensions();
        int count = (int) Math.min(ring * radius + 1, centroids.length);
        List<Neighbour<T>> neighbours = new ArrayList<>();
        long rank = 0;
        for (int other : tree.nearest(centroids[(int) cell], count)) {
            if (other != cell) {
                int distance = 1 + (int) (rank++ / ring);
                elite(other).ifPresent(elite -> neighbours.add(new Neighbour<>(elite, distance)));
            }
        }
        neighbours.sort(Neighbour.NEAREST_FIRST);
        return neighbours;
    }

    @Override
    public long cells() {
        return centroids.length;
    }

    @Override
    public int dimensions() {
        return centroids[0].length;
    }
}
