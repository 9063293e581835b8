package io.loreley.mapelites.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.loreley.mapelites.Archive;
import io.loreley.mapelites.CvtArchive;
import io.loreley.mapelites.CvtSettings;
import io.loreley.mapelites.Elite;
import io.loreley.mapelites.GridArchive;
import io.loreley.mapelites.GridSettings;
import io.loreley.mapelites.Vector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SamplerTest {

    private final Archive<String> archive = new GridArchive<>(GridSettings.uniform(1, 100));
    private final RandomGenerator random = new SplittableRandom(1);

    @Test
    void an_empty_archive_gives_no_draw() {
        assertThat(new Sampler<String>(SamplerSettings.of(BaseChoice.MIXED)).draw(archive, Set.of(), random))
                .isEmpty();
    }

    @Test
    void a_single_elite_is_drawn_without_inspirations_even_if_it_is_in_flight() {
        occupy(50);
        var draw = new Sampler<String>(SamplerSettings.of(BaseChoice.MIXED))
                .draw(archive, Set.of(Pairing.of("50", List.of())), random)
                .orElseThrow();
        assertThat(draw.base().solution()).isEqualTo("50");
        assertThat(draw.inspirations()).isEmpty();
        assertThat(draw.radiusUsed()).isZero();
        assertThat(draw.fallbacks()).isZero();
    }

    @Test
    void a_draw_follows_from_the_seed() {
        for (int cell = 0; cell < 100; cell += 3) {
            occupy(cell);
        }
        var sampler = new Sampler<String>(SamplerSettings.of(BaseChoice.MIXED));
        var again = new Sampler<String>(SamplerSettings.of(BaseChoice.MIXED));
        for (long seed = 0; seed < 50; seed++) {
            assertThat(again.draw(archive, Set.of(), new SplittableRandom(seed)))
                    .isEqualTo(sampler.draw(archive, Set.of(), new SplittableRandom(seed)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void inspirations_are_distinct_and_never_the_base(BaseChoice choice) {
        for (int cell = 0; cell < 100; cell += 7) {
            occupy(cell);
        }
        var sampler = new Sampler<String>(SamplerSettings.of(choice));
        for (int i = 0; i < 200; i++) {
            Draw<String> draw = sampler.draw(archive, Set.of(), random).orElseThrow();
            assertThat(solutions(draw))
                    .hasSize(3)
                    .doesNotHaveDuplicates()
                    .doesNotContain(draw.base().solution());
        }
    }

    @Test
    void a_mixture_uses_every_choice_and_says_which() {
        occupy(50);
        var sampler = new Sampler<String>(SamplerSettings.of(BaseChoice.MIXED));
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            counts.merge(sampler.draw(archive, Set.of(), random).orElseThrow().strategy(), 1, Integer::sum);
        }
        assertThat(counts).containsOnlyKeys("uniform", "rank", "curiosity");
        assertThat(counts.values()).allMatch(count -> count > 60);
    }

    @Test
    void near_inspirations_come_first_and_the_radius_grows_only_as_far_as_it_must() {
        for (int cell : new int[] {49, 50, 52, 53, 54, 60}) {
            occupy(cell);
        }
        Draw<String> draw = drawFrom("50", new SamplerSettings(BaseChoice.UNIFORM, 2, 1, 5, 8, 2));
        assertThat(solutions(draw)).containsExactly("49", "52");
        assertThat(draw.initialRadius()).isEqualTo(1);
        assertThat(draw.radiusUsed()).isEqualTo(2);
        assertThat(draw.fallbacks()).isZero();
    }

    @Test
    void the_whole_archive_fills_up_what_the_neighbourhood_lacks() {
        for (int cell : new int[] {48, 50, 80, 90}) {
            occupy(cell);
        }
        Draw<String> draw = drawFrom("50", new SamplerSettings(BaseChoice.UNIFORM, 3, 1, 3, 8, 2));
        assertThat(solutions(draw)).startsWith("48").containsExactlyInAnyOrder("48", "80", "90");
        assertThat(draw.radiusUsed()).isEqualTo(2);
        assertThat(draw.fallbacks()).isEqualTo(2);
    }

    @Test
    void no_more_fallbacks_are_drawn_than_allowed() {
        for (int cell : new int[] {0, 30, 60, 90}) {
            occupy(cell);
        }
        Draw<String> draw = drawFrom("30", new SamplerSettings(BaseChoice.UNIFORM, 3, 1, 3, 1, 2));
        assertThat(draw.inspirations()).hasSize(1);
        assertThat(draw.fallbacks()).isEqualTo(1);
    }

    @Test
    void a_radius_of_zero_means_no_neighbourhood() {
        occupy(50);
        occupy(51);
        Draw<String> draw = drawFrom("50", new SamplerSettings(BaseChoice.UNIFORM, 3, 0, 0, 0, 2));
        assertThat(draw.inspirations()).isEmpty();
    }

    @Test
    void within_the_initial_radius_nearer_elites_are_likelier() {
        for (int cell = 40; cell <= 60; cell++) {
            occupy(cell);
        }
        var settings = new SamplerSettings(BaseChoice.UNIFORM, 1, 5, 5, 0, 2);
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 2000; i++) {
            counts.merge(solutions(drawFrom("50", settings)).getFirst(), 1, Integer::sum);
        }
        assertThat(counts).containsOnlyKeys("45", "46", "47", "48", "49", "51", "52", "53", "54", "55");
        // Chances of 1/distance: five times as many from distance 1 as from 5.
        double near = counts.getOrDefault("49", 0) + counts.getOrDefault("51", 0);
        double far = counts.getOrDefault("45", 0) + counts.getOrDefault("55", 0);
        double ratio = near / far;
        assertThat(ratio).isBetween(3.5, 7.0);
    }

    @Test
    void one_solution_in_two_cells_inspires_once() {
        occupy(50);
        archive.place("twin", 0, Vector.of(0.515));
        archive.place("twin", 0, Vector.of(0.525));
        Draw<String> draw = drawFrom("50", SamplerSettings.of(BaseChoice.UNIFORM));
        assertThat(solutions(draw)).containsExactly("twin");
    }

    @Test
    void what_is_in_flight_is_not_drawn_again_while_there_is_anything_else() {
        for (int cell = 0; cell < 4; cell++) {
            occupy(cell);
        }
        var sampler = new Sampler<String>(new SamplerSettings(BaseChoice.UNIFORM, 1, 1, 1, 0, 2));
        Set<Pairing<String>> inFlight = new HashSet<>();
        // 0-1, 1-0, 1-2, 2-1, 2-3, 3-2 are all there is.
        for (int i = 0; i < 5; i++) {
            Draw<String> draw = sampler.draw(archive, inFlight, random).orElseThrow();
            assertThat(inFlight.add(draw.pairing())).isTrue();
        }
    }

    @Test
    void the_order_of_inspirations_makes_no_difference_to_a_pairing() {
        assertThat(Pairing.of("a", List.of("b", "c"))).isEqualTo(Pairing.of("a", List.of("c", "b")));
    }

    @Test
    void uniform_choice_draws_every_elite_equally_often() {
        Map<String, Integer> counts = baseCounts(BaseChoice.UNIFORM, new Curiosity<>());
        assertThat(counts.values()).hasSize(10).allMatch(count -> count > 800 && count < 1200);
    }

    @Test
    void choice_by_rank_is_linear_in_the_rank_and_blind_to_the_size_of_the_objective() {
        Map<String, Integer> counts = baseCounts(BaseChoice.RANK, new Curiosity<>());
        // The chance of rank i of n in a tournament of two is (2i - 1)/n².
        for (int i = 1; i <= 10; i++) {
            double expected = 10_000 * (2 * i - 1) / 100.0;
            assertThat((double) counts.getOrDefault("" + (i - 1), 0))
                    .isBetween(0.75 * expected - 30, 1.25 * expected + 30);
        }
    }

    @Test
    void choice_by_curiosity_follows_the_rate_of_success() {
        var curiosity = new Curiosity<String>();
        for (int i = 0; i < 10; i++) {
            curiosity.restore("" + i, 9, i < 5 ? 0 : 4);
        }
        Map<String, Integer> counts = baseCounts(BaseChoice.CURIOSITY, curiosity);
        int fruitless = counts.entrySet().stream()
                .filter(entry -> entry.getKey().compareTo("5") < 0)
                .mapToInt(Map.Entry::getValue)
                .sum();
        // Scores of 1/10 and 5/10: one draw in six.
        assertThat(fruitless).isBetween(1500, 1850);
    }

    @Test
    void an_elite_that_never_succeeded_keeps_a_chance() {
        occupy(50);
        var curiosity = new Curiosity<String>();
        curiosity.restore("50", 1_000_000, 0);
        assertThat(new Sampler<>(SamplerSettings.of(BaseChoice.CURIOSITY), curiosity).draw(archive, Set.of(), random))
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void a_pairing_is_drawn_again_only_if_no_other_is_free(BaseChoice choice) {
        for (int cell = 40; cell < 44; cell++) {
            occupy(cell);
        }
        var sampler = new Sampler<String>(SamplerSettings.of(choice));
        Pairing<String> worst = Pairing.of("40", List.of("41", "42", "43"));
        Set<Pairing<String>> inFlight = new HashSet<>();
        for (long seed = 0; inFlight.size() < 3; seed++) {
            Pairing<String> drawn = sampler.draw(archive, inFlight, new SplittableRandom(seed))
                    .orElseThrow()
                    .pairing();
            if (!drawn.equals(worst)) {
                inFlight.add(drawn);
            }
        }
        for (long seed = 0; seed < 300; seed++) {
            assertThat(sampler.draw(archive, inFlight, new SplittableRandom(seed))
                            .orElseThrow()
                            .pairing())
                    .isEqualTo(worst);
        }
        inFlight.add(worst);
        assertThat(sampler.draw(archive, inFlight, random)).isPresent();
    }

    @Test
    void a_tessellation_is_sampled_like_a_grid() {
        Archive<String> tessellation = new CvtArchive<>(CvtSettings.uniform(3, 40, 1));
        for (int i = 0; i < 200; i++) {
            tessellation.place("" + i, i, Vector.of(random.doubles(3).toArray()));
        }
        var sampler = new Sampler<String>(SamplerSettings.of(BaseChoice.MIXED));
        for (int i = 0; i < 100; i++) {
            Draw<String> draw = sampler.draw(tessellation, Set.of(), random).orElseThrow();
            assertThat(solutions(draw)).hasSize(3).doesNotHaveDuplicates();
            assertThat(draw.fallbacks()).isZero();
        }
    }

    @Test
    void a_shuffle_visits_every_number_once_and_every_order_is_as_likely() {
        Map<List<Integer>, Integer> orders = new HashMap<>();
        for (int i = 0; i < 6000; i++) {
            List<Integer> order = new ArrayList<>();
            new Shuffle(3, random).forEachRemaining((int number) -> order.add(number));
            orders.merge(order, 1, Integer::sum);
        }
        assertThat(orders).hasSize(6);
        assertThat(orders.values()).allMatch(count -> count > 850 && count < 1150);
        assertThat(orders.keySet()).allMatch(order -> new HashSet<>(order).equals(Set.of(0, 1, 2)));
    }

    @Test
    void settings_that_make_no_sense_are_refused() {
        var uniform = BaseChoice.UNIFORM;
        assertThatIllegalArgumentException().isThrownBy(() -> new SamplerSettings(uniform, -1, 1, 3, 8, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> new SamplerSettings(uniform, 3, 4, 3, 8, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> new SamplerSettings(uniform, 3, 1, 3, -1, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> new SamplerSettings(uniform, 3, 1, 3, 8, 0));
    }

    private Map<String, Integer> baseCounts(BaseChoice choice, Curiosity<String> curiosity) {
        for (int i = 0; i < 10; i++) {
            archive.place("" + i, Math.pow(10, i), Vector.of((i + 0.5) / 100));
        }
        var sampler = new Sampler<>(SamplerSettings.of(choice), curiosity);
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            String base =
                    sampler.draw(archive, Set.of(), random).orElseThrow().base().solution();
            counts.merge(base, 1, Integer::sum);
        }
        return counts;
    }

    /** The first draw with this base. */
    private Draw<String> drawFrom(String base, SamplerSettings settings) {
        var sampler = new Sampler<String>(settings);
        while (true) {
            Draw<String> draw = sampler.draw(archive, Set.of(), random).orElseThrow();
            if (draw.base().solution().equals(base)) {
                return draw;
            }
        }
    }

    private void occupy(int cell) {
        archive.place("" + cell, cell, Vector.of((cell + 0.5) / 100));
    }

    private static List<String> solutions(Draw<String> draw) {
        return draw.inspirations().stream().map(Elite::solution).toList();
    }
}
