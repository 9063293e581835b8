package io.loreley.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.loreley.mapelites.projection.Axes;
import io.loreley.mapelites.projection.Bounds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasureAxesTest {

    @Test
    void learned_axes_and_metrics_stand_as_they_were_named() {
        assertThat(MeasureAxes.read(
                        List.of("lines of code", "learned", "seconds from 0 to 1.5e2", "x from -1 to .5"), 3))
                .containsExactly(
                        new Axes.Measured("lines of code", null),
                        new Axes.Learned(3),
                        new Axes.Measured("seconds", new Bounds(0, 150)),
                        new Axes.Measured("x", new Bounds(-1, 0.5)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "seconds from 5 to 5 | 'seconds from 5 to 5': an axis from 5.0 to 5.0; bounds are finite and ascending",
                "seconds from 1e999 to 5 | bounds are finite and ascending",
                "learned from 0 to 1 | 'learned' is named twice",
                "\"\" | a metric of measures",
            })
    void what_cannot_be_an_axis_is_refused_with_the_reason(String measure, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeasureAxes.read(List.of("learned", measure), 2))
                .withMessageContaining(reason);
    }

    @Test
    void there_must_be_an_axis() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeasureAxes.read(List.of(), 2))
                .withMessageContaining("name at least one");
    }
}
