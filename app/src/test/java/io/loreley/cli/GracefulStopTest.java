package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GracefulStopTest {

    private final List<String> heard = new ArrayList<>();

    @Test
    void a_request_is_heard_once_however_often_it_is_made() {
        GracefulStop stop = new GracefulStop(() -> {});
        stop.whenRequested(() -> heard.add("first"));

        stop.request();
        stop.request();

        assertThat(heard).containsExactly("first");
        assertThat(stop.isRequested()).isTrue();
    }

    @Test
    void who_listens_late_hears_at_once() {
        GracefulStop stop = new GracefulStop(() -> {});
        stop.request();

        stop.whenRequested(() -> heard.add("late"));

        assertThat(heard).containsExactly("late");
    }

    @Test
    void a_first_signal_asks_and_a_second_hurries_once() {
        GracefulStop stop = new GracefulStop(() -> heard.add("last action"));
        stop.whenRequested(() -> heard.add("asked"));
        stop.whenHurried(() -> heard.add("hurried"));

        stop.signal();
        assertThat(heard).containsExactly("asked");
        stop.signal();
        stop.signal();
        stop.close();

        assertThat(heard).containsExactly("asked", "hurried");
    }

    @Test
    void a_run_that_ends_by_itself_leaves_no_hook_behind() {
        GracefulStop stop = GracefulStop.onSignals(() -> {});

        stop.close();
        stop.close();

        assertThat(stop.isRequested()).isFalse();
    }
}
