package io.loreley.mapelites.projection;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Finds the largest eigenvalues of the covariance of a sample and their vectors, to about nine digits.
 *
 * <p>A block Krylov iteration (Musco and Musco 2015) from random signs, as randomized subspace iteration (Halko,
 * Martinsson and Tropp 2011) begins too; but it keeps every direction it has paid for, and so needs a fraction of the
 * products with the covariance. A step multiplies the newest block, solves the small problem within the space (Rayleigh
 * and Ritz), and extends the space by what the best vectors still lack, their residuals. When the space is full it
 * goes on from its best half (a thick restart). A space as large as the sample allows holds the exact solution.
 */
final class KrylovSpace {

    /** Directions carried beyond those wanted: the farther away the first one left out, the faster the rest converge. */
    private static final int OVERSAMPLING = 4;

    /** Residuals below this part of the largest eigenvalue count as none. */
    private static final double TOLERANCE = 1e-9;

    /** Blocks that the space holds at most. */
    private static final int MAX_BLOCKS = 6;

    /** Where eigenvalues are so close that more steps would not tell them apart, any of their directions will do. */
    private static final int MAX_STEPS = 60;

    private final CentredSample sample;
    private final int wanted;
    private final int block;
    private final RandomGenerator random;

    private Basis basis;
    private List<double[]> images = new ArrayList<>();

    KrylovSpace(CentredSample sample, int wanted, RandomGenerator random) {
        this.sample = sample;
        this.wanted = wanted;
        this.block = Math.min(wanted + OVERSAMPLING, sample.length());
        this.random = random;
        this.basis = new Basis(sample.length(), random);
    }

    /** An eigenvalue and its vector of length 1. */
    @SuppressWarnings("ArrayRecordComponent")
    record Pair(double value, double[] vector) {}

    /** The largest eigenvalues first; vectors are orthogonal to each other. */
    List<Pair> leading() {
        for (int i = 0; i < block; i++) {
            basis.addRandom();
        }
        for (int step = 1; ; step++) {
            images.addAll(sample.covarianceTimes(basis.from(images.size())));
            SymmetricEigen ritz = SymmetricEigen.of(projected());
            List<double[]> residuals = residuals(ritz);
            if (basis.size() == sample.length() || step == MAX_STEPS || converged(residuals, ritz.value(0))) {
                return pairs(ritz);
            }
            if (basis.size() + block > MAX_BLOCKS * block) {
                restart(ritz);
            }
            for (int i = 0; i < block && basis.size() < sample.length(); i++) {
                basis.add(residuals.get(i));
            }
        }
    }

    /** The covariance as the basis sees it. */
    private double[][] projected() {
        int size = basis.size();
        List<double[]> rows = basis.from(0);
        double[][] matrix = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                matrix[i][j] = Linear.dot(rows.get(i), images.get(j));
                matrix[j][i] = matrix[i][j];
            }
        }
        return matrix;
    }

    /** What the covariance makes of each of the best vectors beyond multiplying it. */
    private List<double[]> residuals(SymmetricEigen ritz) {
        List<double[]> residuals = new ArrayList<>();
        for (int i = 0; i < block; i++) {
            double[] residual = combined(images, ritz.vector(i));
            Linear.add(residual, -ritz.value(i), combined(basis.from(0), ritz.vector(i)));
            residuals.add(residual);
        }
        return residuals;
    }

    private boolean converged(List<double[]> residuals, double largest) {
        return residuals.stream().limit(wanted).allMatch(residual -> Linear.norm(residual) <= TOLERANCE * largest);
    }

    private void restart(SymmetricEigen ritz) {
        Basis best = new Basis(sample.length(), random);
        List<double[]> bestImages = new ArrayList<>();
        for (int i = 0; i < MAX_BLOCKS * block / 2; i++) {
            best.add(combined(basis.from(0), ritz.vector(i)));
            bestImages.add(combined(images, ritz.vector(i)));
        }
        basis = best;
        images = bestImages;
    }

    private List<Pair> pairs(SymmetricEigen ritz) {
        Basis vectors = new Basis(sample.length(), random);
        for (int i = 0; i < wanted; i++) {
            vectors.add(combined(basis.from(0), ritz.vector(i)));
        }
        List<Pair> pairs = new ArrayList<>();
        for (double[] vector : vectors.from(0)) {
            pairs.add(new Pair(Math.max(0, ritz.value(pairs.size())), vector));
        }
        return pairs;
    }

    private double[] combined(List<double[]> rows, double[] weights) {
        double[] sum = new double[sample.length()];
        for (int i = 0; i < rows.size(); i++) {
            Linear.add(sum, weights[i], rows.get(i));
        }
        return sum;
    }
}
