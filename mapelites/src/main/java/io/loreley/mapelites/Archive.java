package io.loreley.mapelites;

import java.util.Optional;
import java.util.SequencedCollection;

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

    /** Puts back an elite that was stored with its threshold, without competition. The cell follows from the measures. */
    Elite<T> restore(T solution, double objective, Vector measures, double threshold);

    /** The cell that these measures fall into. */
    long cellOf(Vector measures);

    Optional<Elite<T>> elite(long cell);

    /** What a candidate must exceed to enter the cell. */
    double threshold(long cell);

    /** All elites, in the order in which their cells were first occupied. */
    SequencedCollection<Elite<T>> elites();

    /** The number of cells, occupied or not. */
    long cells();

    /** The number of axes. */
    int dimensions();

    Statistics statistics();

    void clear();
}
