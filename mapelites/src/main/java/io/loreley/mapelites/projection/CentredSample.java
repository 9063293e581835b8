package io.loreley.mapelites.projection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Samples less their mean, and their covariance as something that multiplies vectors; the matrix itself, which would cost
 * more than all the rest of a fit, is never made.
 *
 * <p>The rows are worked on in parallel, in parts that depend on nothing but their number and are added up in order: the
 * result has the same bits on any number of threads.
 */
final class CentredSample {

    private static final int ROWS_PER_PART = 256;

    private final double[][] rows;
    private final double[] mean;

    private CentredSample(double[][] rows, double[] mean) {
        this.rows = rows;
        this.mean = mean;
    }

    /**
     * @param samples at least one row, all of the same length; they are centred in place and kept
     */
    static CentredSample of(double[][] samples) {
        // From the first sample on, so that equal samples differ from their mean by 0 and not by rounding.
        double[] first = samples[0].clone();
        double[] deviation = new double[first.length];
        for (double[] sample : samples) {
            Linear.add(sample, -1, first);
            Linear.add(deviation, 1.0 / samples.length, sample);
        }
        for (double[] sample : samples) {
            Linear.add(sample, -1, deviation);
        }
        Linear.add(first, 1, deviation);
        return new CentredSample(samples, first);
    }

    /** The number of samples. */
    int size() {
        return rows.length;
    }

    /** The length of a sample. */
    int length() {
        return mean.length;
    }

    double[] mean() {
        return mean;
    }

    /** How many independent deviations from the mean there are. */
    int degreesOfFreedom() {
        return Math.max(1, rows.length - 1);
    }

    /** The sum of the variances of all elements. */
    double totalVariance() {
        double squares = 0;
        for (double[] row : rows) {
            squares += Linear.dot(row, row);
        }
        return squares / degreesOfFreedom();
    }

    /** How far each sample lies along a direction. */
    double[] scores(double[] direction) {
        return Arrays.stream(rows)
                .mapToDouble(row -> Linear.dot(row, direction))
                .toArray();
    }

    /** The product of the covariance with each vector. */
    List<double[]> covarianceTimes(List<double[]> vectors) {
        double[][] block = vectors.toArray(new double[0][]);
        List<double[][]> parts = IntStream.rangeClosed(0, (rows.length - 1) / ROWS_PER_PART)
                .parallel()
                .mapToObj(part -> times(block, part * ROWS_PER_PART))
                .toList();
        List<double[]> products = new ArrayList<>();
        for (int j = 0; j < block.length; j++) {
            double[] product = new double[length()];
            for (double[][] part : parts) {
                Linear.add(product, 1.0 / degreesOfFreedom(), part[j]);
            }
            products.add(product);
        }
        return products;
    }

    /** The sum, over the rows of a part, of the row times its product with each vector. */
    private double[][] times(double[][] block, int from) {
        double[][] sums = new double[block.length][length()];
        int to = Math.min(from + ROWS_PER_PART, rows.length);
        int row = from;
        for (; row < to - 3; row += 4) {
            for (int j = 0; j < block.length; j++) {
                addFourRows(sums[j], block[j], rows[row], rows[row + 1], rows[row + 2], rows[row + 3]);
            }
        }
        for (; row < to; row++) {
            for (int j = 0; j < block.length; j++) {
                Linear.add(sums[j], Linear.dot(rows[row], block[j]), rows[row]);
            }
        }
        return sums;
    }

    /** Four rows at a time: several sums in flight for the processor, and a quarter of the writes to {@code sum}. */
    private static void addFourRows(double[] sum, double[] v, double[] a, double[] b, double[] c, double[] d) {
        double av = 0;
        double bv = 0;
        double cv = 0;
        double dv = 0;
        for (int i = 0; i < v.length; i++) {
            double factor = v[i];
            av += a[i] * factor;
            bv += b[i] * factor;
            cv += c[i] * factor;
            dv += d[i] * factor;
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] += (av * a[i] + bv * b[i]) + (cv * c[i] + dv * d[i]);
        }
    }
}
