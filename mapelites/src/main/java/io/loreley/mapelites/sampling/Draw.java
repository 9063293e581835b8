package io.loreley.mapelites.sampling;

import io.loreley.mapelites.Elite;
import java.util.List;

/**
 * A base elite to build on, and others to learn from.
 *
 * @param inspirations distinct, never the base, nearest first
 * @param strategy the rule that chose the base: {@code uniform}, {@code rank}, {@code curiosity}; {@code uniform}, too, where little was
 *     left that is not in flight
 * @param initialRadius Chebyshev radius, in cells, at which the search for inspirations began
 * @param radiusUsed the largest radius at which one was found; 0 if none was
 * @param fallbacks how many inspirations came from the whole archive because the neighbourhood had too few
 */
public record Draw<T>(
        Elite<T> base, List<Elite<T>> inspirations, String strategy, int initialRadius, int radiusUsed, int fallbacks) {

    public Draw {
        inspirations = List.copyOf(inspirations);
    }

    /** The solutions of this draw, by which it is recognised as being in flight. */
    public Pairing<T> pairing() {
        return Pairing.of(
                base.solution(), inspirations.stream().map(Elite::solution).toList());
    }
}
