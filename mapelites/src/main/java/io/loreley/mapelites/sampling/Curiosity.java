package io.loreley.mapelites.sampling;

import java.util.HashMap;
import java.util.Map;

/**
 * How fruitful each solution has been as a base: the curiosity of Cully and Demiris (2017), here as a rate of success.
 *
 * <p>Counts belong to a solution and not to its cell: they stay true when cells are drawn anew, and a solution that takes
 * over a cell begins afresh. For one thread.
 */
public final class Curiosity<T> {

    private record Trials(int drawn, int improved) {}

    private static final Trials NONE = new Trials(0, 0);

    private final Map<T, Trials> trials = new HashMap<>();

    /** Nothing counted yet. */
    public Curiosity() {}

    /** Puts back what was counted before. */
    public void restore(T base, int drawn, int improved) {
        if (improved < 0 || drawn < improved) {
            throw new IllegalArgumentException(
                    "%s was drawn %d times and improved %d times".formatted(base, drawn, improved));
        }
        trials.put(base, new Trials(drawn, improved));
    }

    /** Counts that a solution was drawn as a base. */
    public void drawn(T base) {
        Trials before = trials.getOrDefault(base, NONE);
        trials.put(base, new Trials(before.drawn + 1, before.improved));
    }

    /** Counts that a candidate made from this base entered the archive. */
    public void improved(T base) {
        Trials before = trials.getOrDefault(base, NONE);
        restore(base, before.drawn, before.improved + 1);
    }

    /**
     * The chance that an attempt from this base succeeds, estimated with one success in advance: 1 for a base never
     * drawn, and above 0 always.
     */
    public double score(T base) {
        Trials counted = trials.getOrDefault(base, NONE);
        return (counted.improved + 1.0) / (counted.drawn + 1.0);
    }
}
