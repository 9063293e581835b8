package io.loreley.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.EvolutionJob;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobId;
import io.loreley.domain.RunEvent;
import io.loreley.store.SpendingSearch;
import io.loreley.store.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CircuitBreakerIT {

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private final List<RunEvent> told = new ArrayList<>();
    private SpendingSearch search;
    private CircuitBreaker breaker;

    @BeforeEach
    void open() {
        search = new SpendingSearch(postgres.database());
        breaker = breaker();
    }

    @Test
    void candidates_that_are_bad_hold_nothing_up() {
        fail(FailureKind.NO_CHANGE, 20);
        assertThat(breaker.room(4, List.of())).isEqualTo(4);
    }

    @Test
    void a_refused_key_ends_the_run_after_three_jobs() {
        fail(FailureKind.AGENT_AUTH, 2);
        assertThat(breaker.room(4, List.of())).isEqualTo(4);
        fail(FailureKind.AGENT_AUTH, 1);
        assertThatThrownBy(() -> breaker.room(4, List.of()))
                .isInstanceOf(SearchImpossibleException.class)
                .hasMessageContaining("last 3 jobs");
        search.passes(Duration.ofSeconds(1));
        assertThat(breaker().room(4, List.of())).isEqualTo(4);
    }

    @Test
    void jobs_that_ask_no_agent_and_cancelled_ones_do_not_hide_that_none_starts() {
        for (int i = 0; i < 10; i++) {
            assertThat(breaker.room(4, List.of())).isEqualTo(4);
            fail(FailureKind.AGENT_CRASH, 1);
            search.remeasured();
            search.cancel(search.draw());
        }
        assertThatThrownBy(() -> breaker.room(4, List.of()))
                .isInstanceOf(SearchImpossibleException.class)
                .hasMessageContaining("last 10 jobs");
    }

    @Test
    void an_overloaded_provider_pauses_the_drawing_and_says_so_once() {
        fail(FailureKind.AGENT_RATE_LIMIT, 3);
        assertThat(breaker.room(4, List.of())).isZero();
        assertThat(breaker.room(4, List.of())).isZero();
        assertThat(told).singleElement().isInstanceOfSatisfying(RunEvent.DrawingPaused.class, paused -> {
            assertThat(paused.kind()).isEqualTo(FailureKind.AGENT_RATE_LIMIT);
            assertThat(paused.until()).isEqualTo(search.clock().instant().plusSeconds(15));
        });
    }

    @Test
    void after_the_pause_one_job_finds_out() {
        fail(FailureKind.AGENT_UNAVAILABLE, 3);
        search.passes(Duration.ofSeconds(16));
        assertThat(breaker.room(4, List.of())).isEqualTo(1);
        JobId probe = search.draw();
        assertThat(breaker.room(3, unfinished())).isZero();
        search.fail(probe, FailureKind.NO_CHANGE);
        assertThat(breaker.room(4, List.of())).isEqualTo(4);
    }

    @Test
    void the_pause_doubles_up_to_ten_minutes_also_for_a_restarted_run() {
        fail(FailureKind.AGENT_UNAVAILABLE, 3);
        for (int seconds : new int[] {15, 30, 60, 120, 240, 480, 600, 600}) {
            CircuitBreaker restarted = breaker();
            search.passes(Duration.ofSeconds(seconds - 1));
            assertThat(restarted.room(4, List.of()))
                    .as("after %d s", seconds - 1)
                    .isZero();
            search.passes(Duration.ofSeconds(1));
            assertThat(restarted.room(4, List.of())).as("after %d s", seconds).isEqualTo(1);
            search.fail(search.draw(), FailureKind.AGENT_RATE_LIMIT);
        }
    }

    @Test
    void jobs_that_were_drawn_before_the_pause_do_not_lengthen_it() {
        List<JobId> wave = List.of(search.draw(), search.draw(), search.draw(), search.draw(), search.draw());
        wave.forEach(job -> search.fail(job, FailureKind.AGENT_RATE_LIMIT));
        search.passes(Duration.ofSeconds(15));
        assertThat(breaker.room(4, List.of())).isEqualTo(1);
    }

    @Test
    void while_jobs_that_were_sent_back_wait_no_others_are_drawn() {
        List<JobId> sentBack = List.of(search.draw(), search.draw(), search.draw());
        search.postpone(sentBack.get(0), FailureKind.AGENT_UNAVAILABLE);
        search.postpone(sentBack.get(1), FailureKind.REMOTE);
        search.postpone(search.draw(), FailureKind.STORAGE);
        assertThat(breaker.room(4, unfinished())).as("one disk is full").isEqualTo(4);
        search.postpone(sentBack.get(2), FailureKind.AGENT_RATE_LIMIT);
        assertThat(breaker.room(4, unfinished())).isZero();
        search.passes(Duration.ofHours(1));
        search.claim(sentBack.get(0));
        assertThat(breaker.room(4, unfinished())).as("one is tried again").isZero();
        assertThat(told)
                .singleElement()
                .isInstanceOfSatisfying(
                        RunEvent.DrawingPaused.class,
                        paused -> assertThat(paused.until()).isNull());
        search.claim(sentBack.get(1));
        search.claim(sentBack.get(2));
        assertThat(breaker.room(4, unfinished())).as("all are at work").isEqualTo(4);
    }

    private List<EvolutionJob> unfinished() {
        return search.jobs().open(search.experiment());
    }

    private void fail(FailureKind kind, int jobs) {
        for (int i = 0; i < jobs; i++) {
            search.fail(search.draw(), kind);
        }
    }

    private CircuitBreaker breaker() {
        return new CircuitBreaker(search.jobs(), search.experiment(), search.clock(), told::add);
    }
}
