package io.loreley.mapelites.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.loreley.mapelites.Vector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeasureSpaceTest {

    private static final Axes SECONDS = new Axes.Measured("seconds", null);
    private static final Axes SHARE = new Axes.Measured("share", new Bounds(-1, 3));
    private static final Axes LEARNED = new Axes.Learned(2);

    private final ProjectionSettings small = new ProjectionSettings(2, 8, 64, 1.5, true);
    private final RandomGenerator random = new SplittableRandom(3);

    @Test
    void axes_stand_in_the_order_in_which_they_were_named() {
        MeasureSpace<Integer> mixed = space(List.of(SECONDS, LEARNED, SHARE));
        MeasureSpace<Integer> learned = space(List.of(LEARNED));
        Vector embedding = embedding();
        for (int i = 0; i < 20; i++) {
            Vector other = embedding();
            mixed.observe(i, new Traits(other, Vector.of(i, i)));
            learned.observe(i, Traits.of(other));
        }
        Vector measures = mixed.measures(new Traits(embedding, Vector.of(1e9, 0)));
        Vector expected = learned.measures(Traits.of(embedding));
        assertThat(measures).isEqualTo(Vector.of(1, expected.get(0), expected.get(1), 0.25));
    }

    @Test
    void learned_axes_are_those_of_a_behaviour_space() {
        MeasureSpace<Integer> space = space(List.of(LEARNED));
        BehaviourSpace<Integer> plain = new BehaviourSpace<>(small, 7);
        for (int i = 0; i < 100; i++) {
            Vector embedding = embedding();
            assertThat(space.observe(i, Traits.of(embedding)).map(Layout::projection))
                    .isEqualTo(plain.observe(i, embedding));
            assertThat(space.layout().orElseThrow())
                    .isEqualTo(Layout.of(plain.projection().orElseThrow()));
        }
    }

    @Test
    void bounds_that_were_given_stay() {
        MeasureSpace<Integer> space = space(List.of(SHARE));
        assertThat(space.observe(0, values(100))).isPresent();
        for (int i = 1; i < 200; i++) {
            assertThat(space.observe(i, values(100 + i))).isEmpty();
        }
        assertThat(space.measures(values(100))).isEqualTo(Vector.of(1));
    }

    @Test
    void values_beyond_all_bounds_do_not_ask_for_new_ones_over_and_over() {
        MeasureSpace<Integer> space = space(List.of(SECONDS));
        int layouts = 0;
        for (int i = 0; i < 2000; i++) {
            double value = i % 7 == 3 ? Double.MAX_VALUE : random.nextDouble(10, 20);
            layouts += space.observe(i, values(value)).isPresent() ? 1 : 0;
        }
        assertThat(layouts).isLessThan(30);
    }

    @Test
    void bounds_that_were_not_given_leave_out_a_few_outliers() {
        MeasureSpace<Integer> space = space(List.of(SECONDS));
        for (int i = 0; i < 64; i++) {
            space.observe(i, values(i == 30 ? 1e12 : random.nextDouble(10, 20)));
        }
        Bounds bounds = bounds(space);
        assertThat(bounds.lower()).isBetween(8.0, 11.0);
        assertThat(bounds.upper()).isBetween(19.0, 22.0);
    }

    @Test
    void bounds_follow_what_is_measured_also_when_the_history_is_full() {
        MeasureSpace<Integer> space = space(List.of(SECONDS));
        int version = 0;
        for (int i = 0; i < 400; i++) {
            space.observe(i, values(1000 - i));
            Layout layout = space.layout().orElseThrow();
            assertThat(layout.version()).isBetween(version, version + 1);
            version = layout.version();
            assertThat(space.measures(values(1000 - i)).get(0)).isBetween(0.0, 1.0);
        }
        assertThat(bounds(space).lower()).isLessThan(620);
        assertThat(bounds(space).upper()).isLessThan(700);
        assertThat(version).isLessThan(100);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 5, -3, 1e-320, 1e300, Double.MAX_VALUE, -Double.MAX_VALUE})
    void a_single_value_lies_in_the_middle_of_its_axis_or_within_it(double value) {
        MeasureSpace<Integer> space = space(List.of(SECONDS));
        space.observe(0, values(value));
        space.observe(1, values(value));
        double measure = space.measures(values(value)).get(0);
        if (Math.abs(value) < Double.MAX_VALUE) {
            assertThat(measure).isCloseTo(0.5, within(1e-12));
        } else {
            assertThat(measure).isBetween(0.0, 1.0);
        }
    }

    @Test
    void a_restored_space_goes_on_as_the_one_that_was_stored() {
        List<Axes> axes = List.of(LEARNED, SECONDS);
        MeasureSpace<Integer> space = space(axes);
        SequencedMap<Integer, Traits> history = new LinkedHashMap<>();
        for (int i = 0; i < 150; i++) {
            Traits traits = new Traits(embedding(), Vector.of(random.nextDouble(i, 2.0 * i + 1)));
            history.putLast(i, traits);
            if (history.size() > small.historySize()) {
                history.pollFirstEntry();
            }
            MeasureSpace<Integer> restored =
                    MeasureSpace.restore(axes, small, 7, space.layout().orElse(null), without(history, i));
            assertThat(restored.observe(i, traits)).isEqualTo(space.observe(i, traits));
            assertThat(restored.layout()).isEqualTo(space.layout());
        }
    }

    @Test
    void values_must_be_as_many_as_measured_axes() {
        MeasureSpace<Integer> space = space(List.of(SECONDS, SHARE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.observe(0, values(1)))
                .withMessage("1 values for 2 measured axes");
    }

    @Test
    void a_layout_of_another_number_of_axes_is_refused() {
        MeasureSpace<Integer> space = space(List.of(SECONDS));
        space.observe(0, values(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeasureSpace.restore(
                        List.of(SECONDS, SHARE), small, 7, space.layout().orElseThrow(), new LinkedHashMap<>()))
                .withMessage("the stored layout has 1 dimensions, the settings ask for 2");
    }

    private MeasureSpace<Integer> space(List<Axes> axes) {
        return MeasureSpace.restore(axes, small, 7, null, new LinkedHashMap<>());
    }

    private static SequencedMap<Integer, Traits> without(SequencedMap<Integer, Traits> history, int key) {
        SequencedMap<Integer, Traits> others = new LinkedHashMap<>(history);
        others.remove(key);
        return others;
    }

    private static Bounds bounds(MeasureSpace<Integer> space) {
        Layout layout = space.layout().orElseThrow();
        return Objects.requireNonNull(layout.ranges()).bounds().getFirst();
    }

    private static Traits values(double... values) {
        return new Traits(Vector.of(), Vector.of(values));
    }

    private Vector embedding() {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            values.add(random.nextDouble(-1, 1) / (i + 1));
        }
        return Vector.of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
