package io.loreley.mapelites;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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

    /**
     * Places every elite again, by new measures: what a new projection asks for. Where several meet in a cell the best
     * stays, or the one that came first.
     *
     * @param measures the new measures of a solution; if it throws, the archive is as it was
     * @return the elites that lost their place, worst first
     */
    default List<Elite<T>> remap(Function<? super T, Vector> measures) {
        // The best last: a soft archive may take a worse candidate after a better one, but never the other way round.
        List<Elite<T>> moved = elites().stream()
                .sorted(Comparator.comparingDouble(Elite::objective))
                .map(elite -> {
                    Vector to = measures.apply(elite.solution());
                    return new Elite<>(elite.solution(), elite.objective(), to, cellOf(to));
                })
                .toList();
        clear();
        List<Elite<T>> lost = new ArrayList<>();
        for (Elite<T> elite : moved) {
            switch (place(elite.solution(), elite.objective(), elite.measures())) {
                case Placement.Discovered<T> _ -> {}
                case Placement.Improved<T> improved -> lost.add(improved.displaced());
                case Placement.Rejected<T> _ -> lost.add(elite);
            }
        }
        return lost;
    }
}
