package io.loreley.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.FailureKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackOffTest {

    @ParameterizedTest
    @EnumSource(names = {"REMOTE", "AGENT_RATE_LIMIT", "AGENT_UNAVAILABLE", "STORAGE"})
    void what_may_pass_is_waited_for_ever_longer_and_not_for_ever(FailureKind kind) {
        assertThat(BackOff.after(kind, 0, 0)).hasValue(Duration.ofSeconds(15));
        assertThat(BackOff.after(kind, 1, 0)).hasValue(Duration.ofSeconds(30));
        assertThat(BackOff.after(kind, 11, 0)).hasValue(Duration.ofMinutes(20));
        assertThat(BackOff.after(kind, BackOff.LIMIT, 0)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"AGENT_RATE_LIMIT", "AGENT_UNAVAILABLE", "STORAGE"})
    void what_is_paid_each_time_is_tried_twice_more(FailureKind kind) {
        assertThat(BackOff.after(kind, 7, 2)).isPresent();
        assertThat(BackOff.after(kind, 2, 3)).isEmpty();
    }

    @Test
    void what_stays_is_final() {
        assertThat(BackOff.after(FailureKind.CONFIGURATION, 0, 0)).isEmpty();
        assertThat(BackOff.after(FailureKind.EVALUATOR_CRASH, 0, 0)).isEmpty();
    }
}
