package io.loreley.mapelites;

/**
 * What an archive did with a candidate. {@code value} is what pyribs reports: the objective less the threshold of the
 * cell, or less the archive's minimum threshold (0 if that is minus infinity) for an empty cell.
 */
public sealed interface Placement<T> {

    long cell();

    double value();

    /** The cell was empty; the candidate is its first elite. */
    record Discovered<T>(Elite<T> elite, double value) implements Placement<T> {
        @Override
        public long cell() {
            return elite.cell();
        }
    }

    /** The candidate was strictly better than the cell's threshold and displaced its elite. */
    record Improved<T>(Elite<T> elite, Elite<T> displaced, double value) implements Placement<T> {
        @Override
        public long cell() {
            return elite.cell();
        }
    }

    /** The candidate was not better than the threshold; a tie keeps the incumbent. */
    record Rejected<T>(long cell, double value) implements Placement<T> {}
}
