package io.loreley.mapelites;

import java.util.Arrays;

/** An immutable vector of finite doubles, equal by value. Copies what it is given and what it gives. */
public final class Vector {

    private final double[] values;

    private Vector(double[] values) {
        this.values = values;
    }

    /**
     * @throws IllegalArgumentException if a value is NaN or infinite
     */
    public static Vector of(double... values) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException("value %d of a vector is %s".formatted(i, values[i]));
            }
        }
        return new Vector(values.clone());
    }

    public int length() {
        return values.length;
    }

    public double get(int index) {
        return values[index];
    }

    /** A copy. */
    public double[] toArray() {
        return values.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Vector vector && Arrays.equals(values, vector.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return values.length <= 8 ? Arrays.toString(values) : "Vector[%d]".formatted(values.length);
    }
}
