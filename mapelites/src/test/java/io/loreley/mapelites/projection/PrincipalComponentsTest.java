package io.loreley.mapelites.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrincipalComponentsTest {

    private final RandomGenerator random = new SplittableRandom(11);

    /** Jacobi's rotations of the whole covariance share nothing with the Krylov iteration but the samples. */
    @ParameterizedTest
    @CsvSource({"400, 90, 4, 1e-6", "60, 200, 4, 1e-6", "500, 120, 1, 1e-6", "5, 40, 4, 1e-6", "30, 3, 3, 1e-9"})
    void components_are_those_of_the_whole_covariance(int samples, int length, int count, double tolerance) {
        double[][] rows = decaying(samples, length);
        CentredSample sample = CentredSample.of(rows);
        double[][] covariance = new double[length][length];
        for (double[] row : rows) {
            for (int i = 0; i < length; i++) {
                Linear.add(covariance[i], row[i] / sample.degreesOfFreedom(), row);
            }
        }
        SymmetricEigen exact = SymmetricEigen.of(covariance);
        PrincipalComponents found = PrincipalComponents.of(sample, count, new SplittableRandom(1));
        for (int i = 0; i < count; i++) {
            assertThat(found.variance(i)).isCloseTo(exact.value(i), within(1e-9 * exact.value(0)));
            double cosine = Linear.dot(found.component(i), exact.vector(i));
            double[] difference = found.component(i).clone();
            Linear.add(difference, -Math.signum(cosine), exact.vector(i));
            assertThat(Linear.norm(difference)).as("error of component %d", i).isLessThan(tolerance);
        }
    }

    @Test
    void the_largest_element_of_each_component_is_positive() {
        PrincipalComponents found =
                PrincipalComponents.of(CentredSample.of(decaying(50, 20)), 4, new SplittableRandom(1));
        for (int i = 0; i < 4; i++) {
            double[] component = found.component(i);
            double largest = 0;
            for (double element : component) {
                largest = Math.abs(element) > Math.abs(largest) ? element : largest;
            }
            assertThat(largest).isPositive();
        }
    }

    @Test
    void equal_variances_in_all_directions_end_the_iteration_too() {
        double[][] rows = new double[600][300];
        for (double[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextGaussian();
            }
        }
        assertOrthonormal(PrincipalComponents.of(CentredSample.of(rows), 4, new SplittableRandom(1)));
    }

    @Test
    void where_the_samples_vary_in_fewer_directions_the_rest_are_orthogonal_and_without_variance() {
        double[][] rows = new double[20][50];
        for (double[] row : rows) {
            row[3] = random.nextGaussian();
            row[7] = random.nextGaussian();
        }
        PrincipalComponents found = PrincipalComponents.of(CentredSample.of(rows), 4, new SplittableRandom(1));
        assertThat(found.variance(1)).isPositive();
        assertThat(found.variance(2)).isZero();
        assertThat(found.variance(3)).isZero();
        assertOrthonormal(found);
    }

    private double[][] decaying(int samples, int length) {
        double[][] rows = new double[samples][length];
        for (double[] row : rows) {
            for (int i = 0; i < length; i++) {
                row[i] = 1 + random.nextGaussian() / (i + 1);
            }
        }
        return rows;
    }

    private static void assertOrthonormal(PrincipalComponents components) {
        for (int i = 0; i < components.count(); i++) {
            for (int j = 0; j <= i; j++) {
                assertThat(Linear.dot(components.component(i), components.component(j)))
                        .isCloseTo(i == j ? 1 : 0, within(1e-12));
            }
        }
    }
}
