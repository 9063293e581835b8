package io.loreley.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParetoFrontTest {

    @Test
    void only_what_nobody_beats_in_everything_is_on_the_front() {
        assertThat(front(List.of(1, 4), List.of(4, 1), List.of(2, 2), List.of(1, 1), List.of(2, 2), List.of(4, 0)))
                .containsExactly(List.of(4, 1), List.of(2, 2), List.of(1, 4));
    }

    @Test
    void one_objective_has_one_best() {
        assertThat(front(List.of(1), List.of(3), List.of(3), List.of(2))).containsExactly(List.of(3));
        assertThat(front()).isEmpty();
    }

    @Test
    void the_front_is_what_comparing_all_pairs_finds() {
        RandomGenerator random = new SplittableRandom(4);
        for (int round = 0; round < 200; round++) {
            List<List<Integer>> points = IntStream.range(0, 30)
                    .mapToObj(i -> List.of(random.nextInt(8), random.nextInt(8), random.nextInt(8)))
                    .distinct()
                    .toList();
            assertThat(ParetoFront.of(points, ParetoFrontTest::coordinates))
                    .containsExactlyInAnyOrderElementsOf(points.stream()
                            .filter(point -> points.stream().noneMatch(other -> beats(other, point)))
                            .toList());
        }
    }

    private static boolean beats(List<Integer> one, List<Integer> other) {
        return !one.equals(other) && IntStream.range(0, one.size()).allMatch(i -> one.get(i) >= other.get(i));
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // they are only read
    private static List<List<Integer>> front(List<Integer>... points) {
        return ParetoFront.of(List.of(points), ParetoFrontTest::coordinates);
    }

    private static double[] coordinates(List<Integer> point) {
        return point.stream().mapToDouble(Integer::doubleValue).toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "latency_ms <= 20, 20, true",
        "latency_ms<=20, 20.5, false",
        "a b < -1.5e2, -151, true",
        "x > 0, 0, false",
        "x >= 0, 0, true",
        "x == 3, 3, true",
    })
    void a_requirement_compares_a_metric_with_a_bound(String text, double value, boolean met) {
        Requirement requirement = Requirement.parse(text);

        assertThat(requirement.isMetBy(value)).isEqualTo(met);
        assertThat(Requirement.parse(requirement.toString())).isEqualTo(requirement);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "x <= y", "<= 3", "x = 3", "x <= 1e999", "x <= 3 ms"})
    void what_is_no_comparison_is_refused(String text) {
        assertThatThrownBy(() -> Requirement.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
