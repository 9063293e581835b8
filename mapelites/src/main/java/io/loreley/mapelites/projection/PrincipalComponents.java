package io.loreley.mapelites.projection;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The directions along which samples vary most: the eigenvectors of their covariance.
 *
 * <p>Deterministic: the same samples in the same order give the same bits. In each component the element of largest
 * magnitude is positive, the first of them if several are equal.
 */
final class PrincipalComponents {

    /** Variance below this part of the total is rounding, and its direction is arbitrary. */
    private static final double NEGLIGIBLE = 1e-13;

    final double[] mean;
    final double[][] components;
    final double[] variances;
    final double totalVariance;

    private PrincipalComponents(double[] mean, double[][] components, double[] variances, double totalVariance) {
        this.mean = mean;
        this.components = components;
        this.variances = variances;
        this.totalVariance = totalVariance;
    }

    /**
     * @param samples at least 2 rows of the same length, which is at least {@code count}
     * @param count how many components to find; where the samples vary in fewer directions, the rest are arbitrary
     */
    static PrincipalComponents of(double[][] samples, int count, RandomGenerator random) {
        double[] mean = mean(samples);
        double[][] centred = centred(samples, mean);
        int n = samples.length;
        double[][] gram = new double[n][n];
        double total = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                gram[i][j] = Linear.dot(centred[i], centred[j]) / (n - 1);
                gram[j][i] = gram[i][j];
            }
            total += gram[i][i];
        }
        SymmetricEigen eigen = SymmetricEigen.of(gram);
        Basis basis = new Basis(mean.length, random);
        double[] variances = new double[count];
        for (int k = 0; k < count; k++) {
            if (k < n && eigen.value(k) > NEGLIGIBLE * total) {
                double[] direction = new double[mean.length];
                for (int i = 0; i < n; i++) {
                    Linear.add(direction, eigen.vector(k)[i], centred[i]);
                }
                basis.add(direction);
                variances[k] = eigen.value(k);
            } else {
                basis.addRandom();
            }
        }
        double[][] components = basis.rows();
        for (double[] component : components) {
            orient(component);
        }
        return new PrincipalComponents(mean, components, variances, total);
    }

    static double[] mean(double[][] samples) {
        double[] mean = new double[samples[0].length];
        for (double[] sample : samples) {
            Linear.add(mean, 1, sample);
        }
        Linear.scale(mean, 1.0 / samples.length);
        return mean;
    }

    static double[][] centred(double[][] samples, double[] mean) {
        double[][] centred = new double[samples.length][];
        for (int i = 0; i < samples.length; i++) {
            centred[i] = samples[i].clone();
            Linear.add(centred[i], -1, mean);
        }
        return centred;
    }

    private static void orient(double[] component) {
        double largest = Arrays.stream(component).reduce(0, (a, b) -> Math.abs(b) > Math.abs(a) ? b : a);
        if (largest < 0) {
            Linear.scale(component, -1);
        }
    }
}
