package io.loreley.examples.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactCheckTest {

    /// Of the circles of the touching grid.
    private static final String RADIUS = "0.08";

    private static final BigDecimal HAIR = new BigDecimal("1e-30");

    @Test
    void the_start_is_valid_and_weak() {
        Packing start = Packing.read(Path.of("packing", Packing.FILE));

        assertThat(ExactCheck.violations(start)).isEmpty();
        assertThat(start.sumOfRadii()).isEqualByComparingTo("2.158");
    }

    @Test
    void touching_circles_and_walls_are_allowed() {
        assertThat(ExactCheck.violations(touchingGrid())).isEmpty();
    }

    @Test
    void circles_that_touch_at_an_exact_slant_are_allowed() {
        // Centres 0.3 and 0.4 apart: the distance is 0.5 in decimals, and not in doubles.
        List<String> violations = pairOnly("0.2 0.2 0.2", "0.5 0.6 0.3");

        assertThat(violations).isEmpty();
    }

    @Test
    void an_overlap_by_the_last_digit_is_refused() {
        List<String> violations = pairOnly("0.2 0.2 0.2", "0.5 0.6 0.3" + "0".repeat(28) + "1");

        assertThat(violations).containsExactly("circles 1 and 2 overlap by 1E-30");
    }

    @Test
    void an_overlap_by_one_ulp_of_a_double_is_refused() {
        Packing packing = replaced(0, circle -> grown(circle, new BigDecimal(Math.ulp(0.08))));

        assertThat(ExactCheck.violations(packing)).anyMatch(text -> text.startsWith("circles 1 and 2 overlap by"));
    }

    @Test
    void each_wall_refuses_a_circle_that_crosses_it_by_a_hair() {
        assertThat(wallViolation(HAIR.negate(), BigDecimal.ZERO)).contains("crosses the left wall by 1E-30");
        assertThat(wallViolation(BigDecimal.ZERO, HAIR.negate())).contains("crosses the bottom wall by 1E-30");
        BigDecimal across = new BigDecimal("0.84");
        assertThat(wallViolation(across.add(HAIR), BigDecimal.ZERO)).contains("crosses the right wall by 1E-30");
        assertThat(wallViolation(BigDecimal.ZERO, across.add(HAIR))).contains("crosses the top wall by 1E-30");
    }

    @Test
    void a_wrong_number_of_circles_is_refused() {
        Packing grid = touchingGrid();
        List<Circle> more = new ArrayList<>(grid.circles());
        more.removeLast();

        assertThat(ExactCheck.violations(new Packing(more))).containsExactly("expected 26 circles, found 25");
        assertThat(ExactCheck.violations(new Packing(List.of()))).containsExactly("expected 26 circles, found 0");
    }

    @Test
    void a_radius_that_is_not_positive_is_refused() {
        assertThat(ExactCheck.violations(replaced(3, circle -> new Circle(circle.x(), circle.y(), BigDecimal.ZERO))))
                .containsExactly("circle 4 has radius 0, which is not positive");
        assertThat(ExactCheck.violations(replaced(3, circle -> new Circle(circle.x(), circle.y(), HAIR.negate()))))
                .containsExactly("circle 4 has radius -1E-30, which is not positive");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "1e999", "0x1p3", "1_0", "٣", ".5", "1.", "--1", "1,5"})
    void what_is_not_a_decimal_number_is_refused(String field) {
        assertThatThrownBy(() -> Packing.parse("# head\n0.5 0.5 " + field))
                .isInstanceOf(MalformedPacking.class)
                .hasMessage("line 2: `" + field + "` is not a decimal number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.5 0.5", "0.5 0.5 0.1 0.1", "0.5"})
    void a_line_that_is_not_three_fields_is_refused(String line) {
        assertThatThrownBy(() -> Packing.parse(line))
                .isInstanceOf(MalformedPacking.class)
                .hasMessageStartingWith("line 1: expected `x y r`, found ");
    }

    @Test
    void a_packing_written_and_read_is_the_same() {
        Packing grid = touchingGrid();

        assertThat(Packing.parse(grid.toText())).isEqualTo(grid);
    }

    @Test
    void an_invalid_packing_has_no_metrics_but_a_short_list_of_its_faults() {
        Packing heap = Packing.parse("0.5 0.5 0.1\n".repeat(26));

        assertThatThrownBy(() -> Evaluate.evaluate(heap))
                .isInstanceOf(MalformedPacking.class)
                .hasMessageStartingWith("circles 1 and 2 overlap by 0.2")
                .hasMessageEndingWith("; and 315 more");
    }

    /// 26 circles of radius 0.08 on a grid in the square's lower left corner, each touching its neighbours.
    private static Packing touchingGrid() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ExactCheck.CIRCLES; i++) {
            BigDecimal step = new BigDecimal("0.16");
            BigDecimal first = new BigDecimal(RADIUS);
            text.append(first.add(step.multiply(BigDecimal.valueOf(i % 6))))
                    .append(' ')
                    .append(first.add(step.multiply(BigDecimal.valueOf(i / 6))))
                    .append(' ')
                    .append(RADIUS)
                    .append('\n');
        }
        return Packing.parse(text.toString());
    }

    private static Packing replaced(int index, UnaryOperator<Circle> change) {
        List<Circle> circles = new ArrayList<>(touchingGrid().circles());
        circles.set(index, change.apply(circles.get(index)));
        return new Packing(circles);
    }

    private static Circle grown(Circle circle, BigDecimal by) {
        return new Circle(circle.x(), circle.y(), circle.r().add(by));
    }

    /// The violations of a packing of two circles, but for their number.
    private static List<String> pairOnly(String first, String second) {
        List<String> violations = ExactCheck.violations(Packing.parse(first + "\n" + second));
        return violations.stream().filter(text -> !text.startsWith("expected")).toList();
    }

    private static String wallViolation(BigDecimal dx, BigDecimal dy) {
        BigDecimal r = new BigDecimal(RADIUS);
        Circle moved = new Circle(r.add(dx), r.add(dy), r);
        return String.join(";", ExactCheck.violations(new Packing(List.of(moved))));
    }
}
