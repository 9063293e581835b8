package io.loreley.mapelites.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.loreley.mapelites.Vector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BehaviourSpaceTest {

    private final ProjectionSettings small = new ProjectionSettings(2, 8, 64, 1.5, true);
    private final RandomGenerator random = new SplittableRandom(3);

    @Test
    void nothing_can_be_measured_before_the_first_observation() {
        var space = new BehaviourSpace<Integer>(small, 7);
        assertThat(space.projection()).isEmpty();
        assertThatIllegalStateException().isThrownBy(() -> space.measures(Vector.of(1, 2, 3)));
    }

    @Test
    void the_first_observation_creates_a_random_projection_with_itself_in_the_centre() {
        var space = new BehaviourSpace<Integer>(small, 7);
        Projection projection = space.observe(0, Vector.of(1, 2, 3, 4)).orElseThrow();
        assertThat(projection.version()).isEqualTo(1);
        assertThat(projection.method()).isEqualTo(Projection.Method.RANDOM);
        assertThat(space.measures(Vector.of(1, 2, 3, 4))).isEqualTo(Vector.of(0.5, 0.5));
    }

    @Test
    void fits_follow_the_growth_of_the_history_and_end_when_it_is_full() {
        var space = new BehaviourSpace<Integer>(small, 7);
        List<Projection> fits = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            space.observe(i, embedding(6)).ifPresent(fits::add);
        }
        assertThat(fits).extracting(Projection::samples).containsExactly(1, 2, 3, 5, 8, 12, 18, 27, 41, 62, 64);
        assertThat(fits).extracting(Projection::version).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        assertThat(fits.get(3).method()).isEqualTo(Projection.Method.RANDOM);
        assertThat(fits.get(4).method()).isEqualTo(Projection.Method.PCA);
    }

    @Test
    void a_restored_space_goes_on_as_the_one_that_was_stored() {
        var space = new BehaviourSpace<Integer>(small, 7);
        for (int i = 0; i < 100; i++) {
            var restored = BehaviourSpace.restore(small, 7, space.projection().orElse(null), space.history());
            Vector embedding = embedding(6);
            Optional<Projection> fitted = space.observe(i, embedding);
            assertThat(restored.observe(i, embedding)).isEqualTo(fitted);
            assertThat(restored.measures(embedding)).isEqualTo(space.measures(embedding));
        }
    }

    @Test
    void the_oldest_embedding_is_forgotten_and_a_known_key_becomes_the_newest() {
        var space = new BehaviourSpace<Integer>(new ProjectionSettings(2, 2, 3, 1.5, true), 7);
        for (int key : new int[] {0, 1, 2, 0, 3}) {
            space.observe(key, embedding(6));
        }
        assertThat(space.history().keySet()).containsExactly(2, 0, 3);
    }

    @Test
    void a_known_key_does_not_count_as_growth() {
        var space = new BehaviourSpace<Integer>(small, 7);
        space.observe(0, embedding(6));
        assertThat(space.observe(0, embedding(6))).isEmpty();
    }

    @Test
    void the_history_is_a_view_that_cannot_be_changed() {
        var space = new BehaviourSpace<Integer>(small, 7);
        space.observe(0, embedding(6));
        assertThat(space.history()).isUnmodifiable();
    }

    @Test
    void an_embedding_of_another_length_is_refused() {
        var space = new BehaviourSpace<Integer>(small, 7);
        space.observe(0, embedding(6));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.observe(1, embedding(5)))
                .withMessageContaining("length 5");
        assertThatIllegalArgumentException().isThrownBy(() -> space.measures(embedding(7)));
        assertThat(space.history()).hasSize(1);
    }

    @Test
    void an_embedding_with_fewer_numbers_than_measures_is_refused() {
        var space = new BehaviourSpace<Integer>(small, 7);
        assertThatIllegalArgumentException().isThrownBy(() -> space.observe(0, Vector.of(1)));
    }

    @Test
    void a_projection_of_other_dimensions_is_refused() {
        var space = new BehaviourSpace<Integer>(small, 7);
        Projection projection = space.observe(0, embedding(6)).orElseThrow();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BehaviourSpace.restore(ProjectionSettings.of(4), 7, projection, space.history()));
    }

    @Test
    void normalised_embeddings_count_by_their_direction_alone() {
        var space = new BehaviourSpace<Integer>(small, 7);
        for (int i = 0; i < 10; i++) {
            space.observe(i, embedding(6));
        }
        assertThat(space.measures(Vector.of(1, 2, 3, 4, 5, 6)))
                .isEqualTo(space.measures(Vector.of(2, 4, 6, 8, 10, 12)));
    }

    /** Commits of one repository are nearly the same; the reference put 31 of them into one cell. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-1, 1e-3, 1e-6})
    void the_descendants_of_one_root_spread_before_the_first_fit(double change) {
        var space = new BehaviourSpace<Integer>(ProjectionSettings.of(4), 7);
        double[] root = random.doubles(1536).map(x -> x - 0.5).toArray();
        List<Vector> commits = new ArrayList<>();
        for (int i = 0; i < 31; i++) {
            double[] commit = root.clone();
            for (int j = 0; i > 0 && j < commit.length; j++) {
                commit[j] += change * random.nextGaussian();
            }
            commits.add(Vector.of(commit));
            space.observe(i, commits.get(i));
        }
        assertThat(space.projection().orElseThrow().method()).isEqualTo(Projection.Method.RANDOM);
        assertThat(commits.stream()
                        .map(commit -> cell(space.measures(commit), 4))
                        .distinct())
                .hasSizeGreaterThan(24);
    }

    /** The measures of the reference kept an eighth of the spread that its samples had. */
    @ParameterizedTest
    @CsvSource({"noise, 32", "noise, 243", "spikes, 32", "spikes, 243", "decay, 32", "decay, 72", "decay, 1233"})
    void new_samples_use_the_whole_of_each_axis(String spectrum, int samples) {
        var settings = new ProjectionSettings(4, 32, 4096, 1.5, false);
        SequencedMap<Integer, Vector> history = new LinkedHashMap<>();
        for (int i = 1; i < samples; i++) {
            history.put(i, sample(spectrum));
        }
        var space = BehaviourSpace.restore(settings, 7, null, history);
        assertThat(space.observe(samples, sample(spectrum)).orElseThrow().samples())
                .isEqualTo(samples);
        List<Vector> measures = IntStream.range(0, 200)
                .mapToObj(_ -> space.measures(sample(spectrum)))
                .toList();
        for (int axis = 0; axis < 4; axis++) {
            int current = axis;
            double mean =
                    measures.stream().mapToDouble(m -> m.get(current)).average().orElseThrow();
            double variance = measures.stream()
                    .mapToDouble(m -> Math.pow(m.get(current) - mean, 2))
                    .average()
                    .orElseThrow();
            assertThat(mean).as("mean of axis %d", axis).isBetween(0.25, 0.75);
            assertThat(Math.sqrt(variance)).as("spread of axis %d", axis).isBetween(0.12, 0.3);
        }
    }

    @Test
    void equal_embeddings_lie_in_the_centre_whatever_is_fitted() {
        var space = new BehaviourSpace<Integer>(small, 7);
        Vector same = embedding(6);
        for (int i = 0; i < 40; i++) {
            space.observe(i, same);
            assertThat(space.measures(same).toArray()).containsOnly(0.5);
        }
    }

    @Test
    void samples_along_one_line_spread_on_the_first_axis_and_rest_on_the_others() {
        var space = new BehaviourSpace<Integer>(new ProjectionSettings(3, 8, 64, 1.5, false), 7);
        for (int i = 0; i < 30; i++) {
            space.observe(i, Vector.of(i, 2 * i, 0, 5));
        }
        Vector low = space.measures(Vector.of(0, 0, 0, 5));
        Vector high = space.measures(Vector.of(26, 52, 0, 5));
        assertThat(high.get(0) - low.get(0)).isGreaterThan(0.7);
        assertThat(high.get(1)).isCloseTo(low.get(1), within(1e-9));
        assertThat(high.get(2)).isCloseTo(low.get(2), within(1e-9));
    }

    @Test
    void a_few_outliers_do_not_squeeze_the_rest() {
        var space = new BehaviourSpace<Integer>(new ProjectionSettings(1, 100, 200, 1.5, false), 7);
        for (int i = 0; i < 100; i++) {
            space.observe(i, i == 50 ? Vector.of(20, 0) : Vector.of(random.nextGaussian(), 0));
        }
        double spread = space.measures(Vector.of(1, 0)).get(0)
                - space.measures(Vector.of(-1, 0)).get(0);
        assertThat(spread).isGreaterThan(0.3);
    }

    @Test
    void the_number_of_threads_does_not_change_a_bit() throws Exception {
        SequencedMap<Integer, Vector> history = new LinkedHashMap<>();
        for (int i = 0; i < 1500; i++) {
            history.put(i, sample("decay"));
        }
        Vector last = sample("decay");
        Projection expected = refitted(history, last);
        try (var pool = new ForkJoinPool(1)) {
            assertThat(pool.submit(() -> refitted(history, last)).get()).isEqualTo(expected);
        }
        try (var pool = new ForkJoinPool(7)) {
            assertThat(pool.submit(() -> refitted(history, last)).get()).isEqualTo(expected);
        }
    }

    private static Projection refitted(SequencedMap<Integer, Vector> history, Vector last) {
        var space = BehaviourSpace.restore(ProjectionSettings.of(4), 7, null, history);
        return space.observe(-1, last).orElseThrow();
    }

    private static long cell(Vector measures, int cells) {
        long cell = 0;
        for (int axis = 0; axis < measures.length(); axis++) {
            cell = cell * cells + Math.min(cells - 1, (int) (cells * measures.get(axis)));
        }
        return cell;
    }

    private Vector sample(String spectrum) {
        double[] values = new double[1536];
        for (int i = 0; i < values.length; i++) {
            double spread = switch (spectrum) {
                case "spikes" -> i < 4 ? 20 : 1;
                case "decay" -> 1 / Math.sqrt(i + 1);
                default -> 1;
            };
            values[i] = 1 + spread * random.nextGaussian();
        }
        return Vector.of(values);
    }

    private Vector embedding(int length) {
        return Vector.of(random.doubles(length).map(x -> x + 1).toArray());
    }
}
