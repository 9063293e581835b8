package io.loreley.mapelites.projection;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The directions along which samples vary most, and how much they vary along each.
 *
 * <p>Deterministic: the same samples in the same order give the same bits. In each component the element of largest
 * magnitude is positive, the first of them if several are equal.
 */
final class PrincipalComponents {

    /** Variance below this part of the total is rounding. */
    private static final double NEGLIGIBLE = 1e-13;

    private final double[] variances;
    private final double[][] components;

    private PrincipalComponents(double[] variances, double[][] components) {
        this.variances = variances;
        this.components = components;
    }

    /**
     * @param count how many to find, at most the length of a sample; where the samples vary in fewer directions, the rest
     *     are arbitrary directions without variance
     */
    static PrincipalComponents of(CentredSample sample, int count, RandomGenerator random) {
        List<KrylovSpace.Pair> pairs = new KrylovSpace(sample, count, random).leading();
        double negligible = NEGLIGIBLE * sample.totalVariance();
        double[] variances = pairs.stream()
                .mapToDouble(KrylovSpace.Pair::value)
                .map(variance -> variance > negligible ? variance : 0)
                .toArray();
        double[][] components = pairs.stream().map(KrylovSpace.Pair::vector).toArray(double[][]::new);
        for (double[] component : components) {
            orient(component);
        }
        return new PrincipalComponents(variances, components);
    }

    int count() {
        return components.length;
    }

    double[] component(int i) {
        return components[i];
    }

    /** Variance of the samples along a component; the first is the largest. */
    double variance(int i) {
        return variances[i];
    }

    private static void orient(double[] component) {
        double largest = Arrays.stream(component).reduce(0, (a, b) -> Math.abs(b) > Math.abs(a) ? b : a);
        if (largest < 0) {
            Linear.scale(component, -1);
        }
    }
}
