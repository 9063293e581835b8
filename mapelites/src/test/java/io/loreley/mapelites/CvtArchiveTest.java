package io.loreley.mapelites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CvtArchiveTest extends ArchiveContract {

    private static final List<Vector> CENTROIDS = CvtSettings.uniform(2, 30, 1).centroids();

    @Override
    Archive<String> archive(double learningRate, double minimumThreshold, double qdScoreOffset) {
        return new CvtArchive<>(new CvtSettings(CENTROIDS, learningRate, minimumThreshold, qdScoreOffset));
    }

    @Test
    void the_same_seed_gives_the_same_cells() {
        assertThat(CvtSettings.uniform(3, 50, 4)).isEqualTo(CvtSettings.uniform(3, 50, 4));
        assertThat(CvtSettings.uniform(3, 50, 4)).isNotEqualTo(CvtSettings.uniform(3, 50, 5));
    }

    @Test
    void cells_are_of_about_equal_size() {
        int cells = 100;
        var archive = new CvtArchive<String>(CvtSettings.uniform(4, cells, 1));
        RandomGenerator random = new SplittableRandom(2);
        int[] counts = new int[cells];
        for (int i = 0; i < 200 * cells; i++) {
            counts[(int) archive.cellOf(Vector.of(random.doubles(4).toArray()))]++;
        }
        assertThat(counts).hasSize(cells).doesNotContain(0);
        assertThat(IntStream.of(counts).boxed()).allMatch(count -> count > 60 && count < 600);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 50", "2, 300", "7, 300"})
    void the_nearest_centroids_are_those_that_comparing_all_finds(int dimensions, int points) {
        RandomGenerator random = new SplittableRandom(3);
        double[][] centroids = new double[points][];
        for (int i = 0; i < points; i++) {
            // Few values, so that many points are equal or equally near.
            centroids[i] = random.ints(dimensions, 0, 5).asDoubleStream().toArray();
        }
        KdTree tree = new KdTree(centroids);
        for (int i = 0; i < 200; i++) {
            double[] point =
                    random.ints(dimensions, 0, 9).mapToDouble(x -> x / 2.0).toArray();
            int[] expected = IntStream.range(0, points)
                    .boxed()
                    .sorted(Comparator.comparingDouble(number -> squaredDistance(point, centroids[number])))
                    .limit(10)
                    .mapToInt(Integer::intValue)
                    .toArray();
            assertThat(tree.nearest(point, 10)).containsExactly(expected);
        }
    }

    @Test
    void the_ring_around_a_cell_has_as_many_cells_as_a_cell_of_a_grid_has_faces() {
        var archive = new CvtArchive<Integer>(new CvtSettings(CENTROIDS, 1, Double.NEGATIVE_INFINITY, 0));
        for (int i = 0; i < CENTROIDS.size(); i++) {
            archive.place(i, 0, CENTROIDS.get(i));
        }
        assertThat(archive.neighbours(7, 2)).extracting(Neighbour::distance).containsExactly(1, 1, 1, 1, 2, 2, 2, 2);
    }

    @Test
    void settings_that_make_no_tessellation_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> CvtSettings.uniform(0, 10, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> CvtSettings.uniform(2, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new CvtSettings(List.of(), 1, 0, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CvtSettings(List.of(Vector.of(1), Vector.of(1, 2)), 1, 0, 0));
    }

    private static double squaredDistance(double[] a, double[] b) {
        double squared = 0;
        for (int axis = 0; axis < a.length; axis++) {
            squared += (a[axis] - b[axis]) * (a[axis] - b[axis]);
        }
        return squared;
    }
}
