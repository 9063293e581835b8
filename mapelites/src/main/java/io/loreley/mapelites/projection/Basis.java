package io.loreley.mapelites.projection;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Orthonormal rows, each made orthogonal to the earlier ones as it is added (Gram and Schmidt, twice for accuracy). */
final class Basis {

    /** What is left of a row that lay within the span of the others, relative to its length, is rounding. */
    private static final double DEPENDENT = 1e-10;

    private final int length;
    private final RandomGenerator random;
    private final List<double[]> rows = new ArrayList<>();

    Basis(int length, RandomGenerator random) {
        this.length = length;
        this.random = random;
    }

    /** Adds what the row has beyond the others, or a random direction if that is nothing. */
    void add(double[] row) {
        double before = Linear.norm(row);
        double[] rest = row.clone();
        for (int pass = 0; pass < 2; pass++) {
            for (double[] other : rows) {
                Linear.add(rest, -Linear.dot(rest, other), other);
            }
        }
        double after = Linear.norm(rest);
        if (after <= DEPENDENT * before) {
            addRandom();
            return;
        }
        Linear.scale(rest, 1 / after);
        rows.add(rest);
    }

    /** Signs rather than normal deviates: as good a projection (Achlioptas 2003), and the same bits on any machine. */
    void addRandom() {
        if (rows.size() == length) {
            throw new IllegalArgumentException("%d numbers have no more than %d directions".formatted(length, length));
        }
        double[] row = new double[length];
        for (int i = 0; i < length; i++) {
            row[i] = random.nextBoolean() ? 1 : -1;
        }
        add(row);
    }

    int size() {
        return rows.size();
    }

    /** The rows from this one on. */
    List<double[]> from(int first) {
        return List.copyOf(rows.subList(first, rows.size()));
    }
}
