package io.loreley.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({"90, PT90S", "90s, PT90S", "2m, PT2M", "1h30m, PT1H30M", "1.5h, PT1H30M", "250ms, PT0.25S", "7d, PT168H"
    })
    void durations_are_read_as_people_write_them(String text, Duration duration) {
        assertThat(Durations.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-5s", "30m1h", "1m2m", "5 s", "2x", "1h!", "PT5S"})
    void what_is_no_duration_is_refused(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0s", "PT0.34S, 340ms", "PT12.9S, 12s", "PT2M5S, 2m 5s", "PT1H30M59S, 1h 30m", "PT50H, 2d 2h"})
    void durations_are_shown_with_their_two_largest_units(Duration duration, String text) {
        assertThat(Durations.format(duration)).isEqualTo(text);
    }
}
