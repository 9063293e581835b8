package io.loreley.mapelites;

import java.util.Comparator;

/**
 * An elite in the neighbourhood of a cell.
 *
 * @param distance in cells, from 1
 */
public record Neighbour<T>(Elite<T> elite, int distance) {

    static final Comparator<Neighbour<?>> NEAREST_FIRST = Comparator.<Neighbour<?>>comparingInt(Neighbour::distance)
            .thenComparingLong(neighbour -> neighbour.elite().cell());
}
