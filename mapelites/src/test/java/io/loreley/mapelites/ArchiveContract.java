package io.loreley.mapelites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every archive keeps to. */
abstract class ArchiveContract {

    private static final Vector HERE = Vector.of(0.1, 0.1);
    private static final Vector THERE = Vector.of(0.9, 0.9);

    /** An archive of 2 dimensions over [0, 1] whose cells number a few dozen, with {@link #HERE} and {@link #THERE} apart. */
    abstract Archive<String> archive(double learningRate, double minimumThreshold, double qdScoreOffset);

    private final Archive<String> archive = plain();
    private final RandomGenerator random = new SplittableRandom(5);

    @Test
    void a_new_archive_is_empty() {
        assertThat(archive.elites()).isEmpty();
        assertThat(archive.elite(archive.cellOf(HERE))).isEmpty();
        assertThat(archive.threshold(archive.cellOf(HERE))).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(archive.statistics()).isEqualTo(new Statistics(0, 0, 0, OptionalDouble.empty()));
    }

    @Test
    void the_first_candidate_of_a_cell_is_discovered() {
        Placement<String> placement = archive.place("a", -3, HERE);
        var elite = new Elite<>("a", -3, HERE, archive.cellOf(HERE));
        assertThat(placement).isEqualTo(new Placement.Discovered<>(elite, -3));
        assertThat(archive.elite(placement.cell())).contains(elite);
    }

    @Test
    void an_equal_objective_keeps_the_incumbent() {
        archive.place("a", 1, HERE);
        assertThat(archive.place("b", 1, HERE)).isEqualTo(new Placement.Rejected<>(archive.cellOf(HERE), 0));
        assertThat(archive.elites()).extracting(Elite::solution).containsExactly("a");
    }

    @Test
    void a_better_candidate_displaces_the_elite_and_takes_its_place_in_the_order() {
        archive.place("a", 1, HERE);
        archive.place("b", 5, THERE);
        Placement<String> placement = archive.place("c", 4, HERE);
        long cell = archive.cellOf(HERE);
        assertThat(placement)
                .isEqualTo(
                        new Placement.Improved<>(new Elite<>("c", 4, HERE, cell), new Elite<>("a", 1, HERE, cell), 3));
        assertThat(archive.elites()).extracting(Elite::solution).containsExactly("c", "b");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void an_objective_that_is_not_finite_is_refused(double objective) {
        archive.place("a", 1, HERE);
        Statistics before = archive.statistics();
        assertThatIllegalArgumentException().isThrownBy(() -> archive.place("b", objective, THERE));
        assertThatIllegalArgumentException().isThrownBy(() -> archive.restore("b", objective, THERE, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> archive.restore("b", 0, THERE, objective));
        assertThatIllegalArgumentException().isThrownBy(() -> Vector.of(0, objective));
        assertThat(archive.statistics()).isEqualTo(before);
    }

    @Test
    void measures_of_other_dimensions_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> archive.place("a", 1, Vector.of(1, 2, 3)))
                .withMessageContaining("3 measures");
    }

    @Test
    void a_cell_that_does_not_exist_is_refused() {
        for (long cell : new long[] {-1, archive.cells()}) {
            assertThatIllegalArgumentException().isThrownBy(() -> archive.elite(cell));
            assertThatIllegalArgumentException().isThrownBy(() -> archive.threshold(cell));
            assertThatIllegalArgumentException().isThrownBy(() -> archive.neighbours(cell, 1));
        }
    }

    @Test
    void the_elites_are_a_view_that_cannot_be_changed() {
        var elites = archive.elites();
        archive.place("a", 1, HERE);
        assertThat(elites).hasSize(1).isUnmodifiable();
    }

    @Test
    void clearing_forgets_everything() {
        archive.place("a", 1, HERE);
        archive.clear();
        assertThat(archive.elites()).isEmpty();
        assertThat(archive.elite(archive.cellOf(HERE))).isEmpty();
        assertThat(archive.statistics()).isEqualTo(plain().statistics());
        assertThat(archive.place("b", -9, HERE)).isInstanceOf(Placement.Discovered.class);
    }

    @Test
    void statistics_count_from_the_offset_and_remember_the_best() {
        Archive<String> soft = archive(0.5, 0, -10);
        soft.place("a", 8, HERE);
        soft.place("b", 6, HERE);
        soft.place("c", 3, THERE);
        assertThat(soft.elites()).extracting(Elite::solution).containsExactly("b", "c");
        assertThat(soft.statistics().elites()).isEqualTo(2);
        assertThat(soft.statistics().coverage()).isEqualTo(2.0 / soft.cells());
        assertThat(soft.statistics().qdScore()).isEqualTo(6 + 3 + 20);
        assertThat(soft.statistics().best()).hasValue(8);
    }

    @Test
    void a_minimum_threshold_keeps_poor_candidates_out_of_empty_cells() {
        Archive<String> demanding = archive(1, 2, 0);
        assertThat(demanding.place("a", 2, HERE)).isEqualTo(new Placement.Rejected<>(demanding.cellOf(HERE), 0));
        assertThat(demanding.place("b", 5, HERE).value()).isEqualTo(3);
    }

    @Test
    void settings_under_which_nothing_could_be_placed_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> archive(1, Double.NaN, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> archive(1, Double.POSITIVE_INFINITY, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> archive(0.5, Double.NEGATIVE_INFINITY, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> archive(1.1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> archive(1, 0, Double.NaN));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void every_cell_keeps_the_best_of_what_it_was_offered(long seed) {
        RandomGenerator seeded = new SplittableRandom(seed);
        Map<Long, Double> best = new HashMap<>();
        double sum = 0;
        for (int i = 0; i < 2000; i++) {
            Vector measures = point(seeded);
            double objective = seeded.nextInt(100);
            archive.place("s" + i, objective, measures);
            best.merge(archive.cellOf(measures), objective, Math::max);
        }
        for (Elite<String> elite : archive.elites()) {
            assertThat(elite.objective()).isEqualTo(best.get(elite.cell()));
            assertThat(archive.cellOf(elite.measures())).isEqualTo(elite.cell());
            assertThat(archive.threshold(elite.cell())).isEqualTo(elite.objective());
            sum += elite.objective();
        }
        assertThat(archive.elites()).hasSameSizeAs(best.keySet());
        assertThat(archive.statistics().qdScore()).isCloseTo(sum, within(1e-9));
    }

    @Test
    void the_threshold_of_a_soft_archive_never_falls_and_stays_below_the_best() {
        Archive<String> soft = archive(0.3, -5, 0);
        double[] thresholds = new double[(int) soft.cells()];
        double[] best = new double[(int) soft.cells()];
        Arrays.fill(thresholds, -5);
        Arrays.fill(best, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < 2000; i++) {
            Vector measures = point(random);
            double objective = random.nextDouble(-10, 10);
            int cell = (int) soft.place("s" + i, objective, measures).cell();
            best[cell] = Math.max(best[cell], objective);
            assertThat(soft.threshold(cell)).isGreaterThanOrEqualTo(thresholds[cell]);
            assertThat(soft.threshold(cell)).isLessThanOrEqualTo(Math.max(-5, best[cell]));
            thresholds[cell] = soft.threshold(cell);
        }
    }

    @Test
    void a_restored_archive_goes_on_as_the_one_that_was_stored() {
        Archive<String> stored = archive(0.3, -5, 2);
        for (int i = 0; i < 300; i++) {
            stored.place("s" + i, random.nextDouble(-10, 10), point(random));
        }
        Archive<String> restored = archive(0.3, -5, 2);
        for (Elite<String> elite : stored.elites()) {
            assertThat(restored.restore(
                            elite.solution(), elite.objective(), elite.measures(), stored.threshold(elite.cell())))
                    .isEqualTo(elite);
        }
        for (int i = 0; i < 300; i++) {
            double objective = random.nextDouble(-10, 10);
            Vector measures = point(random);
            assertThat(restored.place("t" + i, objective, measures))
                    .isEqualTo(stored.place("t" + i, objective, measures));
        }
        assertThat(restored.elites()).isEqualTo(stored.elites());
    }

    @Test
    void nothing_is_restored_into_an_occupied_cell() {
        archive.place("a", 1, HERE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> archive.restore("b", 2, HERE, 2))
                .withMessageContaining("holds a");
        assertThat(archive.elites()).extracting(Elite::solution).containsExactly("a");
    }

    @Test
    void neighbours_are_other_elites_nearest_first() {
        for (int i = 0; i < 500; i++) {
            archive.place("s" + i, random.nextDouble(), point(random));
        }
        for (Elite<String> elite : archive.elites()) {
            List<Neighbour<String>> neighbours = archive.neighbours(elite.cell(), 2);
            assertThat(neighbours).isSortedAccordingTo(Neighbour.NEAREST_FIRST).isNotEmpty();
            assertThat(neighbours).extracting(Neighbour::distance).allMatch(distance -> distance >= 1 && distance <= 2);
            assertThat(neighbours)
                    .extracting(Neighbour::elite)
                    .doesNotContain(elite)
                    .doesNotHaveDuplicates();
            assertThat(archive.elites())
                    .containsAll(neighbours.stream().map(Neighbour::elite).toList());
        }
        assertThat(archive.neighbours(archive.cellOf(HERE), 0)).isEmpty();
        assertThat(archive.neighbours(archive.cellOf(HERE), Integer.MAX_VALUE))
                .hasSize(archive.elites().size() - 1);
    }

    @Test
    void remapping_keeps_the_best_of_those_that_meet_and_returns_the_rest() {
        archive.place("a", 1, HERE);
        archive.place("b", 2, THERE);
        archive.place("c", 3, Vector.of(0.1, 0.9));
        List<Elite<String>> lost = archive.remap(solution -> solution.equals("c") ? HERE : THERE);
        assertThat(lost).containsExactly(new Elite<>("a", 1, THERE, archive.cellOf(THERE)));
        assertThat(archive.elites()).extracting(Elite::solution).containsExactlyInAnyOrder("b", "c");
        assertThat(archive.elite(archive.cellOf(HERE))).map(Elite::solution).contains("c");
    }

    @Test
    void remapping_a_soft_archive_never_loses_the_best_of_a_cell() {
        Archive<String> soft = archive(0.1, -100, 0);
        Map<String, Double> objectives = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            soft.place("s" + i, random.nextDouble(), point(random));
        }
        soft.elites().forEach(elite -> objectives.put(elite.solution(), elite.objective()));
        int before = soft.elites().size();
        List<Elite<String>> lost = soft.remap(solution -> solution.hashCode() % 2 == 0 ? HERE : THERE);
        assertThat(soft.elites()).hasSize(2);
        assertThat(lost).hasSize(before - 2);
        for (Elite<String> elite : lost) {
            Optional<Elite<String>> winner = soft.elite(elite.cell());
            assertThat(winner)
                    .hasValueSatisfying(best -> assertThat(best.objective()).isGreaterThanOrEqualTo(elite.objective()));
        }
    }

    @Test
    void a_remap_that_fails_changes_nothing() {
        archive.place("a", 1, HERE);
        archive.place("b", 2, THERE);
        List<Elite<String>> before = new ArrayList<>(archive.elites());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> archive.remap(solution -> solution.equals("b") ? Vector.of(1) : HERE));
        assertThat(archive.elites()).isEqualTo(before);
    }

    private Archive<String> plain() {
        return archive(1, Double.NEGATIVE_INFINITY, 0);
    }

    private static Vector point(RandomGenerator random) {
        return Vector.of(random.nextDouble(), random.nextDouble());
    }
}
