package io.loreley.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.Usage;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RunningTabTest {

    private static final Usage CALL = new Usage("model", 10, 0, 5, 0.5);

    private final List<Integer> written = new CopyOnWriteArrayList<>();

    @Test
    void who_spends_does_not_wait_for_the_database_and_only_the_last_sum_is_made_up_for() {
        var away = new CountDownLatch(1);
        try (RunningTab tab = new RunningTab(calls -> {
            await(away);
            written.add(calls.size());
        })) {
            for (int call = 0; call < 5; call++) {
                tab.spent(CALL);
            }
            assertThat(written).isEmpty();
            away.countDown();
        }
        assertThat(written).last().isEqualTo(5);
        assertThat(written).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void a_later_write_makes_up_for_one_that_failed() {
        var tries = new AtomicInteger();
        var failed = new CountDownLatch(1);
        try (RunningTab tab = new RunningTab(calls -> {
            if (tries.incrementAndGet() == 1) {
                failed.countDown();
                throw new IllegalStateException("away");
            }
            written.add(calls.size());
        })) {
            tab.spent(CALL);
            await(failed);
            tab.spent(CALL);
        }
        assertThat(written).containsExactly(2);
    }

    @Test
    void what_cannot_be_written_is_told_at_the_end() {
        RunningTab tab = new RunningTab(calls -> {
            throw new IllegalStateException("away");
        });
        tab.spent(CALL);
        assertThatThrownBy(tab::close).isInstanceOf(IllegalStateException.class).hasMessage("away");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
