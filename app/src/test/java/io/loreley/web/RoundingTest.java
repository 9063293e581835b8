package io.loreley.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundingTest {

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0.123456789, 0.123",
        "0.00001, 0.99999, 0.123456789, 0.123",
        "2.5, 2.6, 2.5123456, 2.5123",
        "-1000, 1000, 3.14159, 3",
        "1764489600, 1764579600, 1764491234, 1764491200",
        "0, 1e15, 123456789012345, 123000000000000"
    })
    void what_a_drawing_cannot_show_goes(double low, double high, double value, double rounded) {
        assertThat(rounded(low, high, value).getLast()).isEqualTo(rounded);
    }

    @Test
    void a_step_is_at_most_a_five_hundredth_of_the_range() {
        for (double range = 1e-6; range < 1e9; range *= 3.7) {
            double value = range * 0.618;
            assertThat(rounded(0.0, range, value).getLast()).isCloseTo(value, within(range / 1000));
        }
    }

    @Test
    void what_is_the_same_or_lies_too_close_stays_as_it_is_and_nothing_stays_nothing() {
        assertThat(rounded(0.123456789, 0.123456789)).containsOnly(0.123456789);
        assertThat(rounded(1.0, 1 + 1e-13, 1 + 5e-14)).contains(1 + 5e-14);
        assertThat(rounded(0.0, 1.0, null)).containsExactly(0.0, 1.0, null);
    }

    @ParameterizedTest
    @CsvSource({"2.635983085123, 2.635983", "-0.000012345678, -0.00001234568", "1975374000, 1975374000", "0, 0"})
    void a_number_that_is_read_keeps_seven_digits(double value, double shown) {
        assertThat(Rounding.shown(value)).isEqualTo(shown);
        assertThat(Rounding.shown(null)).isNull();
    }

    private static List<@Nullable Double> rounded(@Nullable Double... values) {
        List<@Nullable Double> all = Arrays.asList(values);
        return Rounding.within(all).all(all);
    }
}
