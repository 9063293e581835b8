package io.loreley.cli.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.Direction;
import io.loreley.domain.ExperimentStatus.Improvement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {

    @ParameterizedTest
    @CsvSource({
        "2.63598304, 2.635983",
        "12, 12",
        "0, 0",
        "-0.5, -0.5",
        "1234567.89, 1234568",
        "0.00012, 0.00012",
        "3.1e-9, 3.1E-9",
        "1e300, 1E+300"
    })
    void numbers_have_at_most_seven_digits(double value, String text) {
        assertThat(Numbers.plain(value)).isEqualTo(text);
    }

    @Test
    void a_change_from_nothing_has_no_percentage() {
        assertThat(Numbers.change(0, 3)).isEmpty();
        assertThat(Numbers.change(2, 3)).isEqualTo("+50.0 %");
        assertThat(Numbers.change(-2, -3)).isEqualTo("-50.0 %");
    }

    @Test
    void a_sparkline_rises_when_the_best_gets_better_whichever_way_that_is() {
        List<Improvement> falling = List.of(
                new Improvement(0, Samples.NOON, 1000),
                new Improvement(1, Samples.NOON, 8),
                new Improvement(3, Samples.NOON, 4),
                new Improvement(5, Samples.NOON, 1));

        assertThat(Sparkline.of(falling, 8, Direction.MINIMIZE, 8)).isEqualTo("▁▁▅▅████");
        assertThat(Sparkline.of(falling, 100, Direction.MINIMIZE, 3)).isEqualTo("▁██");
        assertThat(Sparkline.of(falling.subList(0, 2), 8, Direction.MINIMIZE, 8))
                .isEmpty();
    }
}
