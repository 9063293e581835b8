package io.loreley.examples.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SearchTest {

    private static final Layout START =
            Packing.read(Path.of("packing", Packing.FILE)).toLayout();

    static List<Mutation> mutations() {
        return List.of(new Jitter(), new Relocate(), new Scatter(), new Cross());
    }

    @Test
    void one_disk_fills_the_square() {
        Layout polished = Polish.polish(new Layout(List.of(Disk.at(0.2, 0.9))), () -> false);

        assertThat(polished.sumOfRadii()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void two_disks_take_opposite_corners() {
        // The best sum for two circles is 2 - √2, reached along the diagonal.
        Layout polished = Polish.polish(new Layout(List.of(Disk.at(0.2, 0.3), Disk.at(0.7, 0.9))), () -> false);

        assertThat(polished.sumOfRadii()).isCloseTo(2 - Math.sqrt(2), within(1e-9));
    }

    @Test
    void centres_that_coincide_or_lie_outside_are_polished_too() {
        Disk same = new Disk(0.5, 0.5, 0.1);
        Layout polished = Polish.polish(new Layout(List.of(same, same, same, new Disk(-3, 7, 0.1))), () -> false);

        assertThat(polished.sumOfRadii()).isGreaterThan(0.6);
    }

    @Test
    void every_round_of_a_polish_is_valid_and_none_is_worse() {
        Layout scattered = random(7);
        double sum = 0;
        for (int rounds = 1; rounds < 12; rounds++) {
            Layout polished = Polish.polish(scattered, after(rounds));
            assertThat(polished.snap()).isPresent();
            assertThat(polished.sumOfRadii()).isGreaterThanOrEqualTo(sum);
            sum = polished.sumOfRadii();
        }
        assertThat(sum).isGreaterThan(2.5);
    }

    @Test
    void becoming_exact_costs_less_than_rounding_shows() {
        Layout polished = Polish.polish(random(8), () -> false);

        double exact = polished.snap().orElseThrow().sumOfRadii().doubleValue();

        assertThat(exact).isCloseTo(polished.sumOfRadii(), within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void a_mutation_keeps_the_number_of_disks_and_the_square(Mutation mutation) {
        SplittableRandom random = new SplittableRandom(11);
        List<Mutation.Mate> mates = List.of(new Mutation.Mate(random(9), "mate"));
        for (int i = 0; i < 300; i++) {
            Layout mutant = mutation.apply(random(i), mates, random).layout();
            assertThat(mutant.size()).isEqualTo(ExactCheck.CIRCLES);
            assertThat(mutant.disks()).allMatch(disk -> disk.distanceToWall() >= 0 && disk.r() >= 0);
        }
    }

    @Test
    void the_eight_symmetries_are_different_and_keep_the_sum() {
        Layout layout = Polish.polish(random(10), () -> false);
        List<Layout> turned = new ArrayList<>();
        for (int symmetry = 0; symmetry < 8; symmetry++) {
            turned.add(layout.turned(symmetry));
        }

        assertThat(turned).doesNotHaveDuplicates().allMatch(each -> each.snap().isPresent());
        assertThat(turned.getFirst()).isEqualTo(layout);
    }

    @Test
    void the_same_seed_and_number_of_rounds_find_the_same_packing() {
        Mutation.Mutant once = new Search(new SplittableRandom(5), after(60)).run(START, List.of());
        Mutation.Mutant again = new Search(new SplittableRandom(5), after(60)).run(START, List.of());

        assertThat(once).isEqualTo(again);
        assertThat(once.layout().sumOfRadii()).isGreaterThan(2.5);
        assertThat(once.layout().snap()).isPresent();
    }

    @Test
    void a_search_that_has_no_time_still_finds_a_valid_packing() {
        Mutation.Mutant found = new Search(new SplittableRandom(6), () -> true).run(START, List.of());

        assertThat(found.layout().snap()).isPresent();
        assertThat(found.layout()).isNotEqualTo(START);
    }

    private static Layout random(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Disk> disks = new ArrayList<>();
        for (int i = 0; i < ExactCheck.CIRCLES; i++) {
            disks.add(Disk.at(random.nextDouble(), random.nextDouble()));
        }
        return new Layout(disks);
    }

    /// Stops when asked for the `rounds`-th time.
    private static BooleanSupplier after(int rounds) {
        return new BooleanSupplier() {
            private int asked;

            @Override
            public boolean getAsBoolean() {
                asked++;
                return asked >= rounds;
            }
        };
    }
}
