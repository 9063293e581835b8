package io.loreley.examples.packing;

import java.util.Arrays;

/// Maximises `c·z` over the `z` with `A z ≤ b`, for a few hundred short rows over less than a hundred variables.
///
/// Mehrotra's predictor-corrector interior point method (S. Mehrotra, SIAM J. Optim. 2(4), 1992). With slacks
/// `s = b - A z` and multipliers `y`, it follows the path `y_i s_i = μ`, `Aᵀ y = c` to `μ = 0`. A step solves the
/// normal
/// equations `Aᵀ diag(y/s) A Δz = …`: one Cholesky factor, used twice. Every iterate is strictly feasible, so that what
/// is returned keeps all rows; only its distance to the optimum depends on the tolerance.
///
/// The rows must hold `z` in a bounded set. Mutable while rows are added; for one thread.
final class LinearProgram {

    /// Steps stop this short of the boundary.
    private static final double STEP_FRACTION = 0.995;

    /// Relative to the diagonal: smaller pivots are rounding.
    private static final double SMALLEST_PIVOT = 1e-14;

    private static final double HUGE_PIVOT = 1e128;
    private static final int MAX_ITERATIONS = 60;

    private final int variables;
    private int[] starts = new int[512];
    private int[] columns = new int[2048];
    private double[] coefficients = new double[2048];
    private double[] bounds = new double[512];
    private int rows;

    LinearProgram(int variables) {
        this.variables = variables;
    }

    /// Begins the row `… ≤ bound`; its terms follow by [#term].
    LinearProgram row(double bound) {
        if (rows + 2 > starts.length) {
            starts = Arrays.copyOf(starts, 2 * starts.length);
            bounds = Arrays.copyOf(bounds, 2 * bounds.length);
        }
        bounds[rows] = bound;
        rows++;
        starts[rows] = starts[rows - 1];
        return this;
    }

    /// Adds `coefficient * z[column]` to the row begun last.
    LinearProgram term(int column, double coefficient) {
        int end = starts[rows];
        if (end == columns.length) {
            columns = Arrays.copyOf(columns, 2 * end);
            coefficients = Arrays.copyOf(coefficients, 2 * end);
        }
        columns[end] = column;
        coefficients[end] = coefficient;
        starts[rows] = end + 1;
        return this;
    }

    /// The best `z`, from a strictly feasible start, to within `tolerance` in the objective.
    ///
    /// @throws IllegalArgumentException if the start does not keep every row strictly
    double[] maximise(double[] objective, double[] start, double tolerance) {
        return new Path(objective, start).follow(tolerance);
    }

    /// One solution's way from its start to the optimum.
    private final class Path {
        private final double[] objective;
        private final double[] z;
        private final double[] s;
        private final double[] y;
        private final double[] complementarity;
        private final double[] dz;
        private final double[] ds;
        private final double[] dy;
        private final double[][] factor;

        Path(double[] objective, double[] start) {
            this.objective = objective;
            z = start.clone();
            s = new double[rows];
            y = new double[rows];
            complementarity = new double[rows];
            dz = new double[variables];
            ds = new double[rows];
            dy = new double[rows];
            factor = new double[variables][variables];
            updateSlacks();
            double mean = 0;
            for (int i = 0; i < rows; i++) {
                if (!(s[i] > 0)) {
                    throw new IllegalArgumentException("start leaves row " + i + " the slack " + s[i]);
                }
                mean += s[i] / rows;
            }
            for (int i = 0; i < rows; i++) {
                y[i] = Math.min(1, 0.1 * mean / s[i]);
            }
        }

        double[] follow(double tolerance) {
            for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
                double gap = dot(y, s);
                if (gap < tolerance && dualResidual() < tolerance) {
                    break;
                }
                factorise();
                double mu = gap / rows;
                for (int i = 0; i < rows; i++) {
                    complementarity[i] = -y[i] * s[i];
                }
                solve();
                double affinePrimal = longestStep(s, ds);
                double affineDual = longestStep(y, dy);
                double affineGap = 0;
                for (int i = 0; i < rows; i++) {
                    affineGap += (s[i] + affinePrimal * ds[i]) * (y[i] + affineDual * dy[i]);
                }
                double centring = Math.pow(affineGap / gap, 3);
                for (int i = 0; i < rows; i++) {
                    complementarity[i] = centring * mu - y[i] * s[i] - ds[i] * dy[i];
                }
                solve();
                if (!advance()) {
                    break;
                }
            }
            return z;
        }

        private boolean advance() {
            double primal = STEP_FRACTION * longestStep(s, ds);
            double dual = STEP_FRACTION * longestStep(y, dy);
            if (!(primal > 1e-10) || !Double.isFinite(dual)) {
                return false;
            }
            double[] before = z.clone();
            for (int k = 0; k < variables; k++) {
                z[k] += primal * dz[k];
            }
            for (int i = 0; i < rows; i++) {
                y[i] += dual * dy[i];
            }
            if (updateSlacks()) {
                return true;
            }
            // At the limit of rounding the step may leave the set; the point before is the answer then.
            System.arraycopy(before, 0, z, 0, variables);
            return false;
        }

        /// Computes the slacks anew rather than by their steps, so that rounding does not pile up.
        private boolean updateSlacks() {
            boolean positive = true;
            for (int i = 0; i < rows; i++) {
                s[i] = bounds[i] - times(i, z);
                positive &= s[i] > 0;
            }
            return positive;
        }

        /// Solves the Newton system for the complementarity wanted: dz, then ds and dy from it.
        private void solve() {
            System.arraycopy(objective, 0, dz, 0, variables);
            for (int i = 0; i < rows; i++) {
                addRow(dz, i, -y[i] - complementarity[i] / s[i]);
            }
            substitute(factor, dz);
            for (int i = 0; i < rows; i++) {
                ds[i] = -times(i, dz);
                dy[i] = (complementarity[i] - y[i] * ds[i]) / s[i];
            }
        }

        private double dualResidual() {
            double[] residual = objective.clone();
            for (int i = 0; i < rows; i++) {
                addRow(residual, i, -y[i]);
            }
            double largest = 0;
            for (double value : residual) {
                largest = Math.max(largest, Math.abs(value));
            }
            return largest;
        }

        /// Builds the normal matrix's lower half in `factor` and makes it its Cholesky factor in place.
        ///
        /// Near the optimum, a direction that no tight row fixes loses its pivot to rounding. A huge one
        /// in its place keeps `z` still in that direction.
        private void factorise() {
            for (double[] line : factor) {
                Arrays.fill(line, 0);
            }
            for (int i = 0; i < rows; i++) {
                double weight = y[i] / s[i];
                for (int a = starts[i]; a < starts[i + 1]; a++) {
                    double scaled = weight * coefficients[a];
                    double[] line = factor[columns[a]];
                    for (int b = starts[i]; b < starts[i + 1]; b++) {
                        line[columns[b]] += scaled * coefficients[b];
                    }
                }
            }
            for (int j = 0; j < variables; j++) {
                double[] line = factor[j];
                for (int k = 0; k < j; k++) {
                    line[k] = (line[k] - dot(line, factor[k], k)) / factor[k][k];
                }
                double pivot = line[j] - dot(line, line, j);
                line[j] = Math.sqrt(pivot > SMALLEST_PIVOT * line[j] ? pivot : HUGE_PIVOT);
            }
        }
    }

    private double times(int row, double[] vector) {
        double sum = 0;
        for (int a = starts[row]; a < starts[row + 1]; a++) {
            sum += coefficients[a] * vector[columns[a]];
        }
        return sum;
    }

    private void addRow(double[] target, int row, double weight) {
        for (int a = starts[row]; a < starts[row + 1]; a++) {
            target[columns[a]] += weight * coefficients[a];
        }
    }

    /// Replaces `right` by the solution of `L Lᵀ x = right`.
    private static void substitute(double[][] lower, double[] right) {
        int n = right.length;
        for (int j = 0; j < n; j++) {
            right[j] = (right[j] - dot(lower[j], right, j)) / lower[j][j];
        }
        for (int j = n - 1; j >= 0; j--) {
            right[j] /= lower[j][j];
            double[] line = lower[j];
            for (int k = 0; k < j; k++) {
                right[k] -= line[k] * right[j];
            }
        }
    }

    private static double dot(double[] left, double[] right) {
        return dot(left, right, left.length);
    }

    /// Four sums at once: floating point addition is not associative, so the compiler may not do this by itself.
    private static double dot(double[] left, double[] right, int length) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < length; i += 4) {
            a += left[i] * right[i];
            b += left[i + 1] * right[i + 1];
            c += left[i + 2] * right[i + 2];
            d += left[i + 3] * right[i + 3];
        }
        for (; i < length; i++) {
            a += left[i] * right[i];
        }
        return a + b + c + d;
    }

    private static double longestStep(double[] values, double[] steps) {
        double longest = 1;
        for (int i = 0; i < values.length; i++) {
            if (steps[i] < 0) {
                longest = Math.min(longest, -values[i] / steps[i]);
            }
        }
        return longest;
    }
}
