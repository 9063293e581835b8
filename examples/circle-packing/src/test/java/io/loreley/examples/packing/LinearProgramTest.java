package io.loreley.examples.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LinearProgramTest {

    private static final Offset<Double> NEAR = within(1e-9);

    @Test
    void a_textbook_program_has_its_known_optimum() {
        // max 3x + 5y with x ≤ 4, 2y ≤ 12, 3x + 2y ≤ 18, x, y ≥ 0: 36 at (2, 6).
        LinearProgram program = positive();
        program.row(4).term(0, 1);
        program.row(12).term(1, 2);
        program.row(18).term(0, 3).term(1, 2);

        double[] best = program.maximise(new double[] {3, 5}, new double[] {1, 1}, 1e-12);

        assertThat(best[0]).isCloseTo(2, NEAR);
        assertThat(best[1]).isCloseTo(6, NEAR);
    }

    @Test
    void a_degenerate_vertex_is_found() {
        // Three rows meet in (1, 1), where two would do.
        LinearProgram program = positive();
        program.row(1).term(0, 1);
        program.row(1).term(1, 1);
        program.row(2).term(0, 1).term(1, 1);

        double[] best = program.maximise(new double[] {1, 1}, new double[] {0.5, 0.1}, 1e-12);

        assertThat(best[0]).isCloseTo(1, NEAR);
        assertThat(best[1]).isCloseTo(1, NEAR);
    }

    @Test
    void of_many_optima_one_inside_the_rows_is_returned() {
        LinearProgram program = positive();
        program.row(1).term(0, 1).term(1, 1);

        double[] best = program.maximise(new double[] {1, 1}, new double[] {0.1, 0.2}, 1e-12);

        assertThat(best[0] + best[1]).isCloseTo(1, NEAR).isLessThanOrEqualTo(1);
        assertThat(best[0]).isPositive();
        assertThat(best[1]).isPositive();
    }

    @Test
    void a_start_on_the_boundary_is_refused() {
        LinearProgram program = positive();
        program.row(1).term(0, 1);

        assertThatThrownBy(() -> program.maximise(new double[] {1, 1}, new double[] {1, 1}, 1e-12))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 2");
    }

    private static LinearProgram positive() {
        LinearProgram program = new LinearProgram(2);
        program.row(0).term(0, -1);
        program.row(0).term(1, -1);
        return program;
    }
}
