package io.loreley.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.util.EnumSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchedulerLoopTest {

    @ParameterizedTest
    @EnumSource
    void an_endpoint_or_a_remote_that_is_away_is_waited_for(FailureKind kind) {
        assertThat(SchedulerLoop.isOutage(new LoreleyException(kind, "away")))
                .isEqualTo(EnumSet.of(FailureKind.ENDPOINT, FailureKind.REMOTE).contains(kind));
    }
}
