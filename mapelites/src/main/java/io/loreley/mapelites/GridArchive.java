package io.loreley.mapelites;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A grid of equal cells (Mouret and Clune 2015), stored sparsely: memory and time follow the occupied cells, so that a
 * grid of 2⁶⁰ cells costs no more than a grid of 10.
 *
 * <p>Cells are numbered row by row, the first axis being the most significant. Index rule, ties and thresholds are those
 * of pyribs' {@code GridArchive}; its golden numbers are a test. For one thread.
 */
public final class GridArchive<T> extends CellArchive<T> {

    private final double[] lower;
    private final double[] width;
    private final int[] cellsPerDimension;
    private final double epsilon;
    private final long cells;

    public GridArchive(GridSettings settings) {
        super(settings.acceptance());
        int dimensions = settings.dimensions();
        lower = new double[dimensions];
        width = new double[dimensions];
        cellsPerDimension = new int[dimensions];
        for (int axis = 0; axis < dimensions; axis++) {
            lower[axis] = settings.lower().get(axis);
            width[axis] = settings.upper().get(axis) - lower[axis];
            cellsPerDimension[axis] = settings.cellsPerDimension().get(axis);
        }
        epsilon = settings.epsilon();
        cells = settings.cells();
    }

    @Override
    public long cellOf(Vector measures) {
        requireDimensions(measures);
        long cell = 0;
        for (int axis = 0; axis < cellsPerDimension.length; axis++) {
            int count = cellsPerDimension[axis];
            double position = (count * (measures.get(axis) - lower[axis]) + epsilon) / width[axis];
            // A cast saturates, so the clamp also holds for values beyond the range of a long.
            cell = cell * count + Math.clamp((long) position, 0, count - 1);
        }
        return cell;
    }

    /** The position of a cell on each axis. */
    public List<Integer> coordinates(long cell) {
        requireCell(cell);
        List<Integer> coordinates = new ArrayList<>();
        for (int coordinate : unravel(cell)) {
            coordinates.add(coordinate);
        }
        return List.copyOf(coordinates);
    }

    /** {@inheritDoc} On a grid the distance is Chebyshev's: the largest difference of coordinates. */
    @Override
    public List<Neighbour<T>> neighbours(long cell, int radius) {
        requireCell(cell);
        List<Neighbour<T>> neighbours = new ArrayList<>();
        int[] centre = unravel(cell);
        for (Elite<T> elite : elites()) {
            int distance = distance(centre, unravel(elite.cell()));
            if (distance > 0 && distance <= radius) {
                neighbours.add(new Neighbour<>(elite, distance));
            }
        }
        neighbours.sort(Comparator.<Neighbour<T>>comparingInt(Neighbour::distance)
                .thenComparingLong(neighbour -> neighbour.elite().cell()));
        return neighbours;
    }

    @Override
    public long cells() {
        return cells;
    }

    @Override
    public int dimensions() {
        return cellsPerDimension.length;
    }

    private int[] unravel(long cell) {
        int[] coordinates = new int[cellsPerDimension.length];
        long rest = cell;
        for (int axis = coordinates.length - 1; axis >= 0; axis--) {
            coordinates[axis] = (int) (rest % cellsPerDimension[axis]);
            rest /= cellsPerDimension[axis];
        }
        return coordinates;
    }

    private static int distance(int[] a, int[] b) {
        int distance = 0;
        for (int axis = 0; axis < a.length; axis++) {
            distance = Math.max(distance, Math.abs(a[axis] - b[axis]));
        }
        return distance;
    }
}
