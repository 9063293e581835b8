package io.loreley.agent;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/** Draws items with replacement, each as often as its weight says. */
final class Lottery<T> {

    private final List<T> items;
    private final double[] cumulative;

    /** @param weight positive and finite */
    Lottery(List<T> items, ToDoubleFunction<T> weight) {
        this.items = List.copyOf(items);
        this.cumulative = new double[items.size()];
        double sum = 0;
        for (int i = 0; i < cumulative.length; i++) {
            sum += weight.applyAsDouble(items.get(i));
            cumulative[i] = sum;
        }
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    /** @throws java.util.NoSuchElementException if there is nothing to draw */
    T draw(RandomGenerator random) {
        T last = items.getLast();
        double point = random.nextDouble() * cumulative[cumulative.length - 1];
        for (int i = 0; i < cumulative.length; i++) {
            if (point < cumulative[i]) {
                return items.get(i);
            }
        }
        return last;
    }
}
