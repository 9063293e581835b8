package io.loreley.mapelites;

import java.util.ArrayList;
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
        int[] centre = unravel(cell);
        List<Neighbour<T>> neighbours = new ArrayList<>();
        // Look up every cell of the box around the centre, or look at every elite: whichever is less.
        if (StrictMath.pow(2.0 * radius + 1, dimensions()) <= elites().size()) {
            visitBox(centre, radius, 0, 0, 0, neighbours);
        } else {
            visitElites(centre, radius, neighbours);
        }
        neighbours.sort(Neighbour.NEAREST_FIRST);
        return neighbours;
    }

    /** Adds the elites of the box; the axes before {@code axis} are settled by {@code row} and {@code distance}. */
    private void visitBox(int[] centre, int radius, int axis, long row, int distance, List<Neighbour<T>> neighbours) {
        if (axis == centre.length) {
            if (distance > 0) {
                elite(row).ifPresent(elite -> neighbours.add(new Neighbour<>(elite, distance)));
            }
            return;
        }
        int count = cellsPerDimension[axis];
        int last = Math.min(count - 1, centre[axis] + radius);
        for (int coordinate = Math.max(0, centre[axis] - radius); coordinate <= last; coordinate++) {
            int farthest = Math.max(distance, Math.abs(coordinate - centre[axis]));
            visitBox(centre, radius, axis + 1, row * count + coordinate, farthest, neighbours);
        }
    }

    private void visitElites(int[] centre, int radius, List<Neighbour<T>> neighbours) {
        for (Elite<T> elite : elites()) {
            long rest = elite.cell();
            int distance = 0;
            for (int axis = centre.length - 1; axis >= 0 && distance <= radius; axis--) {
                int coordinate = (int) (rest % cellsPerDimension[axis]);
                distance = Math.max(distance, Math.abs(coordinate - centre[axis]));
                rest /= cellsPerDimension[axis];
            }
            if (distance > 0 && distance <= radius) {
                neighbours.add(new Neighbour<>(elite, distance));
            }
        }
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
}
