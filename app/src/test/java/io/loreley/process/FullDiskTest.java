package io.loreley.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FullDiskTest {

    private int tried;

    @Test
    void what_finds_no_room_is_written_once_there_is_some() {
        new FullDisk(() -> true, () -> new Endurance(Duration.ZERO)).outlast(() -> roomAtThe(3));

        assertThat(tried).isEqualTo(3);
    }

    @Test
    void what_fails_for_another_reason_fails_at_once() {
        assertThatThrownBy(
                        () -> new FullDisk(() -> false, () -> new Endurance(Duration.ZERO)).outlast(() -> roomAtThe(3)))
                .hasMessage("no room");
        assertThat(tried).isEqualTo(1);
    }

    @Test
    void who_is_told_to_stop_does_not_wait() {
        FullDisk full = new FullDisk(() -> true, () -> new Endurance(Duration.ofMinutes(1)));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> full.outlast(() -> roomAtThe(3)))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INTERRUPTED));
        assertThat(Thread.interrupted()).isTrue();
    }

    private void roomAtThe(int time) {
        tried++;
        if (tried < time) {
            throw new LoreleyException(FailureKind.STORAGE, "no room");
        }
    }
}
