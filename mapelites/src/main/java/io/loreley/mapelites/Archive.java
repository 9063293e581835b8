package io.loreley.mapelites;

import java.util.List;
import java.util.Optional;

/** Cells over a behaviour space, each holding the best solution seen there. For one thread. */
public interface Archive<T> {

    /**
     * Offers a candidate to the cell that its measures fall into.
     *
     * @param objective higher is better
     * @param measures one value an axis; values outside the bounds fall into the outermost cells
     * @throws IllegalArgumentException if the objective is not finite or the number of measures is wrong
     */
    Placement<T> place(T solution, double objective, Vector measures);

    /**
     * Puts back an elite that was stored with its threshold, without competition. The cell follows from the measures.
     *
     * @throws IllegalArgumentException if the cell is occupied, or for the reasons of {@link #place}
     */
    Elite<T> restore(T solution, double objective, Vector measures, double threshold);

    /** The cell that these measures fall into. */
    long cellOf(Vector measures);

    Optional<Elite<T>> elite(long cell);

    /** What a candidate must exceed to enter the cell. */
    double threshold(long cell);

    /** All elites, in the order in which their cells were first occupied: an unmodifiable view with quick access. */
    List<Elite<T>> elites();

    /**
     * The elites around a cell, without that of the cell itself: nearest first, equally near ones by their cell.
     *
     * @param radius the largest distance, in cells
     */
    List<Neighbour<T>> neighbours(long cell, int radius);

    /** The number of cells, occupied or not. */
    long cells();

    /** The number of axes. */
    int dimensions();

    Statistics statistics();

    void clear();
}
