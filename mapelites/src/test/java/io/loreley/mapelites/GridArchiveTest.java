package io.loreley.mapelites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GridArchiveTest extends ArchiveContract {

    @Override
    Archive<String> archive(double learningRate, double minimumThreshold, double qdScoreOffset) {
        return new GridArchive<>(new GridSettings(
                List.of(6, 5),
                List.of(0.0, 0.0),
                List.of(1.0, 1.0),
                learningRate,
                minimumThreshold,
                1e-6,
                qdScoreOffset));
    }

    @Test
    void the_first_axis_is_the_most_significant() {
        var grid = new GridArchive<String>(new GridSettings(
                List.of(2, 3, 4),
                Collections.nCopies(3, 0.0),
                Collections.nCopies(3, 1.0),
                1,
                Double.NEGATIVE_INFINITY,
                1e-6,
                0));
        long cell = grid.cellOf(Vector.of(0.9, 0.5, 0.1));
        assertThat(cell).isEqualTo((1 * 3 + 1) * 4);
        assertThat(grid.coordinates(cell)).containsExactly(1, 1, 0);
    }

    @Test
    void a_measure_just_below_a_boundary_counts_as_on_it() {
        var grid = new GridArchive<String>(GridSettings.uniform(1, 4));
        assertThat(grid.cellOf(Vector.of(0.2499999))).isEqualTo(1);
        assertThat(grid.cellOf(Vector.of(0.2499997))).isZero();
    }

    @Test
    void measures_outside_the_bounds_fall_into_the_outermost_cells() {
        Archive<String> archive = archive(1, 0, 0);
        assertThat(archive.cellOf(Vector.of(-1e300, -1e300))).isEqualTo(archive.cellOf(Vector.of(0, 0)));
        assertThat(archive.cellOf(Vector.of(1e300, 1e300))).isEqualTo(archive.cellOf(Vector.of(1, 1)));
    }

    @Test
    void a_grid_of_more_cells_than_an_int_counts_is_as_cheap_as_any() {
        var grid = new GridArchive<String>(GridSettings.uniform(12, 32));
        assertThat(grid.cells()).isEqualTo(1L << 60);
        Placement<String> last = grid.place(
                "last",
                1,
                Vector.of(Collections.nCopies(12, 1.0).stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray()));
        assertThat(last.cell()).isEqualTo((1L << 60) - 1);
    }

    @Test
    void a_grid_of_more_cells_than_a_long_counts_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GridSettings.uniform(13, 32))
                .withMessageContaining("more cells than a long can count");
    }

    @Test
    void settings_that_make_no_grid_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> GridSettings.uniform(0, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> GridSettings.uniform(2, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> bounds(List.of(0.0), List.of(0.0)));
        assertThatIllegalArgumentException().isThrownBy(() -> bounds(List.of(0.0), List.of(Double.NaN)));
        assertThatIllegalArgumentException().isThrownBy(() -> bounds(List.of(0.0), List.of(1.0, 2.0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bounds(List.of(-Double.MAX_VALUE), List.of(Double.MAX_VALUE)));
    }

    /** Whether cells or elites are visited depends on which are fewer; both must find the same. */
    @ParameterizedTest
    @CsvSource({"2, 40, 1", "2, 40, 3", "3, 9, 2", "5, 4, 2", "8, 4, 1", "12, 4, 3"})
    void neighbours_are_those_within_the_chebyshev_distance(int dimensions, int cells, int radius) {
        var grid = new GridArchive<Integer>(GridSettings.uniform(dimensions, cells));
        RandomGenerator random = new SplittableRandom(9);
        for (int i = 0; i < 600; i++) {
            grid.place(i, 0, Vector.of(random.doubles(dimensions).toArray()));
        }
        for (Elite<Integer> centre : grid.elites().subList(0, 20)) {
            List<Neighbour<Integer>> expected = new ArrayList<>();
            for (Elite<Integer> elite : grid.elites()) {
                int distance = distance(grid.coordinates(centre.cell()), grid.coordinates(elite.cell()));
                if (distance > 0 && distance <= radius) {
                    expected.add(new Neighbour<>(elite, distance));
                }
            }
            expected.sort(Neighbour.NEAREST_FIRST);
            assertThat(grid.neighbours(centre.cell(), radius)).isEqualTo(expected);
        }
    }

    private static int distance(List<Integer> a, List<Integer> b) {
        int distance = 0;
        for (int axis = 0; axis < a.size(); axis++) {
            distance = Math.max(distance, Math.abs(a.get(axis) - b.get(axis)));
        }
        return distance;
    }

    private static GridSettings bounds(List<Double> lower, List<Double> upper) {
        return new GridSettings(List.of(4), lower, upper, 1, Double.NEGATIVE_INFINITY, 1e-6, 0);
    }
}
