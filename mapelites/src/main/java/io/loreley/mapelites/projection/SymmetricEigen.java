package io.loreley.mapelites.projection;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations (Golub and Van Loan, Matrix
 * Computations, 8.5): slow for large matrices, but accurate to the last digits and without special cases.
 */
final class SymmetricEigen {

    private static final int MAX_SWEEPS = 50;

    private final double[] values;
    private final double[][] vectors;

    private SymmetricEigen(double[] values, double[][] vectors) {
        this.values = values;
        this.vectors = vectors;
    }

    /** Of a matrix, which is destroyed. */
    static SymmetricEigen of(double[][] matrix) {
        int n = matrix.length;
        double[][] vectors = new double[n][n];
        for (int i = 0; i < n; i++) {
            vectors[i][i] = 1;
        }
        int sweeps = 0;
        while (rotateAll(matrix, vectors)) {
            if (++sweeps == MAX_SWEEPS) {
                throw new IllegalStateException("Jacobi's rotations of a matrix of order %d do not end".formatted(n));
            }
        }
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -matrix[i][i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] values = new double[n];
        double[][] sorted = new double[n][];
        for (int i = 0; i < n; i++) {
            values[i] = matrix[order[i]][order[i]];
            sorted[i] = vectors[order[i]];
        }
        return new SymmetricEigen(values, sorted);
    }

    /** The i-th largest eigenvalue, from 0. */
    double value(int i) {
        return values[i];
    }

    /** The eigenvector of the i-th largest eigenvalue, of length 1. */
    double[] vector(int i) {
        return vectors[i];
    }

    /** One sweep over all pairs; whether any rotation was needed. */
    private static boolean rotateAll(double[][] a, double[][] vectors) {
        boolean rotated = false;
        for (int p = 0; p < a.length - 1; p++) {
            for (int q = p + 1; q < a.length; q++) {
                double small = Math.ulp(1.0) * Math.sqrt(Math.abs(a[p][p] * a[q][q]));
                if (Math.abs(a[p][q]) > small && Math.abs(a[p][q]) > Double.MIN_NORMAL) {
                    rotate(a, vectors, p, q);
                    rotated = true;
                }
            }
        }
        return rotated;
    }

    /** Turns the axes p and q so that their common element becomes 0. */
    private static void rotate(double[][] a, double[][] vectors, int p, int q) {
        double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        rotateRows(a[p], a[q], c, s);
        for (double[] row : a) {
            double rp = row[p];
            double rq = row[q];
            row[p] = c * rp - s * rq;
            row[q] = s * rp + c * rq;
        }
        a[p][q] = 0;
        a[q][p] = 0;
        rotateRows(vectors[p], vectors[q], c, s);
    }

    private static void rotateRows(double[] rowP, double[] rowQ, double c, double s) {
        for (int i = 0; i < rowP.length; i++) {
            double p = rowP[i];
            double q = rowQ[i];
            rowP[i] = c * p - s * q;
            rowQ[i] = s * p + c * q;
        }
    }
}
