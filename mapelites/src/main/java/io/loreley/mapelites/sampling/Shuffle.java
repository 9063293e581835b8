package io.loreley.mapelites.sampling;

import java.util.HashMap;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.random.RandomGenerator;

/** The numbers below a limit in random order, at a cost that follows the numbers taken (Fisher and Yates, lazily). */
final class Shuffle implements PrimitiveIterator.OfInt {

    private final int limit;
    private final RandomGenerator random;

    /** What a swap has moved away from its place. */
    private final Map<Integer, Integer> moved = new HashMap<>();

    private int next;

    Shuffle(int limit, RandomGenerator random) {
        this.limit = limit;
        this.random = random;
    }

    @Override
    public boolean hasNext() {
        return next < limit;
    }

    @Override
    public int nextInt() {
        int chosen = random.nextInt(next, limit);
        int number = at(chosen);
        moved.put(chosen, at(next));
        moved.remove(next);
        next++;
        return number;
    }

    private int at(int place) {
        return moved.getOrDefault(place, place);
    }
}
