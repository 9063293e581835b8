package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.Attempt;
import io.loreley.domain.AuditEntry;
import io.loreley.domain.CommitMark;
import io.loreley.domain.Direction;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Hint;
import io.loreley.domain.JobId;
import io.loreley.domain.JobStatus;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Objective;
import io.loreley.domain.StageName;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders are carried out whole, with their entry in the audit trail, or refused with nothing changed. */
@Execution(ExecutionMode.CONCURRENT)
class ControlsIT {

    private static final String ANN = "ann@desk";

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private StoredSearch search;
    private Controls controls;

    @BeforeEach
    void open() {
        search = new StoredSearch(postgres.database());
        controls = new Controls(postgres.database());
    }

    @Test
    void a_pause_stands_until_it_is_taken_back() {
        assertThat(controls.isPaused(search.experiment.id())).isFalse();
        controls.pause(search.experiment.id(), ANN);
        controls.pause(search.experiment.id(), ANN);
        assertThat(controls.isPaused(search.experiment.id())).isTrue();
        controls.resume(search.experiment.id(), ANN);
        assertThat(controls.isPaused(search.experiment.id())).isFalse();
        assertThat(actions()).containsExactly("resume", "pause", "pause");
    }

    @Test
    void a_job_is_cancelled_by_the_beginning_of_its_id() {
        JobId job = search.running(7);

        assertThat(controls.cancel(job.toString().substring(0, 36), ANN)).isEqualTo(job);

        assertThat(search.find(job).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(controls.audit(search.experiment.id(), 10).getFirst().target())
                .isEqualTo(job.toString());
    }

    @Test
    void what_has_ended_cannot_be_cancelled() {
        EvolutionJob job = search.succeeded(1);

        assertThatThrownBy(() -> controls.cancel(job.id().toString(), ANN))
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining("it is SUCCEEDED")
                .hasMessageContaining("Nothing was changed");
        assertThat(actions()).isEmpty();
    }

    @Test
    void an_unknown_or_ambiguous_job_is_refused() {
        search.pending(1);
        search.pending(2);

        assertThatThrownBy(() -> controls.cancel("ffff", ANN)).hasMessageContaining("there is no job 'ffff'");
        assertThatThrownBy(() -> controls.cancel("0000", ANN)).hasMessageContaining("several jobs begin with");
        assertThatThrownBy(() -> controls.cancel("'; drop", ANN)).hasMessageContaining("first four digits");
    }

    @Test
    void a_job_or_a_worker_of_another_experiment_is_not_found() {
        JobId job = search.running(7);
        Workers workers = new Workers(postgres.database());
        workers.enter(new Workers.Introduction("host:12:34", "host", 12, "1.0", List.of(), 1), search.experiment.id());
        ExperimentId other = new ExperimentId(new UUID(9, 9));

        assertThatThrownBy(() -> controls.cancel(other, job.toString(), ANN))
                .hasMessageContaining("there is no job '%s' of this experiment".formatted(job));
        assertThatThrownBy(() -> controls.requeue(other, job.toString(), ANN))
                .hasMessageContaining("of this experiment");
        assertThatThrownBy(() -> controls.drain(other, "host", ANN)).hasMessageContaining("on this experiment");
        assertThat(actions()).isEmpty();

        assertThat(controls.drain(search.experiment.id(), "host", ANN)).isEqualTo("host:12:34");
        assertThat(controls.cancel(search.experiment.id(), job.toString(), ANN)).isEqualTo(job);
    }

    @Test
    void a_failed_job_is_drawn_again_with_the_same_words_and_no_new_number() {
        search.jobs.draw(search.job(3, 0, Rows.NOON).givenTo("quick"));
        search.jobs.dispatch(search.experiment.id(), 1);
        JobId job = search.job(3, 0, Rows.NOON).id();
        search.claim(job);
        search.jobs.fail(job, 1, FailureKind.AGENT_CRASH, "exit code 1");

        JobId again = controls.requeue(job.toString(), ANN).job();

        EvolutionJob drawn = search.find(again);
        EvolutionJob before = search.find(job);
        assertThat(drawn.status()).isEqualTo(JobStatus.PENDING);
        assertThat(drawn.spec()).isEqualTo(before.spec());
        assertThat(drawn.sampling()).isEqualTo(before.sampling());
        assertThat(drawn.seed()).isEqualTo(before.seed());
        assertThat(drawn.agent()).isEqualTo("quick");
        assertThat(drawn.draw()).isNull();
        assertThat(before.status()).isEqualTo(JobStatus.FAILED);
        assertThatThrownBy(() -> controls.requeue(job.toString(), ANN))
                .hasMessageContaining("again already, as job %s, which is PENDING", again);
        assertThat(search.jobs.dispatch(search.experiment.id(), 9)).isEqualTo(1);
        assertThat(controls.requeue(again.toString(), ANN)).isEqualTo(new Controls.Requeued(again, JobStatus.QUEUED));
        search.claim(again);
        assertThat(controls.requeue(again.toString(), ANN)).isEqualTo(new Controls.Requeued(again, JobStatus.RUNNING));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_job_that_is_taken_from_its_worker_while_it_succeeds_is_one_or_the_other(boolean workerIsFirst)
            throws Exception {
        JobId job = search.running(4);
        JobResult result = search.result(job, 4);
        Callable<Boolean> success = () -> search.jobs.succeed(job, 1, result);
        Callable<Boolean> requeue = () -> {
            try {
                return controls.requeue(job.toString(), ANN).status() == JobStatus.QUEUED;
            } catch (LoreleyException refused) {
                assertThat(refused).hasMessageContaining("has just left its worker");
                return false;
            }
        };
        try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor();
                Connection holder = postgres.database().dataSource().getConnection()) {
            holder.setAutoCommit(false);
            Sql.exists(holder, "SELECT FROM evolution_jobs WHERE id = ? FOR UPDATE", job.value());
            Future<Boolean> first = both.submit(workerIsFirst ? success : requeue);
            awaitBlocked(1);
            Future<Boolean> second = both.submit(workerIsFirst ? requeue : success);
            awaitBlocked(2);
            holder.rollback();

            assertThat(first.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(second.get(10, TimeUnit.SECONDS)).isFalse();
        }
        assertThat(search.find(job).status()).isEqualTo(workerIsFirst ? JobStatus.SUCCEEDED : JobStatus.QUEUED);
        assertThat(count("commit_cards")).isEqualTo(workerIsFirst ? 1 : 0);
        assertThat(count("scheduled_tasks WHERE NOT picked")).isEqualTo(workerIsFirst ? 0 : 1);
        assertThat(actions()).hasSize(workerIsFirst ? 0 : 1);
    }

    /** Until so many statements wait for the row of a job. */
    private void awaitBlocked(int statements) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(10);
        while (count("pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") < statements) {
            assertThat(Instant.now()).as("%d statements wait", statements).isBefore(end);
            Thread.sleep(10);
        }
    }

    private long count(String rows) {
        return Long.parseLong(search.value("SELECT count(*) FROM " + rows));
    }

    @Test
    void an_agent_that_changed_nothing_is_asked_again_and_a_plan_is_kept() {
        EvolutionJob job = search.claim(search.queued(1));
        search.begin(job, StageName.PLAN);
        search.stages.succeed(job.id(), 1, StageName.PLAN, Map.of("summary", "unroll"), null);
        search.begin(job, StageName.CODE);
        search.stages.succeed(job.id(), 1, StageName.CODE, Map.of("summary", "nothing"), null);
        search.jobs.fail(job.id(), 1, FailureKind.NO_CHANGE, "nothing");

        JobId again = controls.requeue(job.id().toString(), ANN).job();

        assertThat(search.stages.finished(again)).containsOnlyKeys(StageName.PLAN);
    }

    @Test
    void the_last_elite_of_an_island_cannot_be_banned() {
        for (int number : List.of(1, 2, 3)) {
            search.succeeded(number);
            search.execute("""
                    INSERT INTO map_elites_archive_cells (experiment_id, island_id, cell_index, commit_hash)
                    VALUES ('%s', '%s', %d, '%s')""".formatted(
                            search.experiment.id(), number < 3 ? "main" : "island-2", number, Rows.commit(number)));
        }

        assertThatThrownBy(() -> ban(3)).hasMessageContaining("no other elite would be left to draw from on island-2");
        ban(1);
        assertThatThrownBy(() -> ban(2)).hasMessageContaining("on main");
    }

    @Test
    void a_banned_commit_is_no_longer_the_best_and_neither_held_out() {
        for (int number : List.of(1, 2, 3)) {
            search.succeeded(number);
            search.execute("""
                    INSERT INTO map_elites_archive_cells (experiment_id, island_id, cell_index, commit_hash, objective)
                    VALUES ('%s', 'main', %d, '%s', %d)""".formatted(search.experiment.id(), number, Rows.commit(number), number));
        }
        for (int number : List.of(1, 3)) {
            search.execute("""
                    INSERT INTO best_history (experiment_id, objective, commit_hash, draw, found_at)
                    VALUES ('%s', %d, '%s', %d, now())""".formatted(search.experiment.id(), number, Rows.commit(number), number));
        }
        Holdouts holdouts = new Holdouts(postgres.database());
        CardListing cards = new CardListing(postgres.database());
        Objective score = new Objective("score", Direction.MAXIMIZE);
        assertThat(holdouts.next(search.experiment.id(), score)).contains(Rows.commit(3));

        ban(3);

        assertThat(holdouts.next(search.experiment.id(), score)).contains(Rows.commit(2));
        assertThat(cards.best(search.experiment.id())).contains(Rows.commit(2));
        controls.unmark(search.experiment.id(), Rows.commit(3).value(), CommitMark.BANNED, ANN);
        assertThat(cards.best(search.experiment.id())).contains(Rows.commit(3));
    }

    private void ban(int number) {
        controls.mark(search.experiment.id(), Rows.commit(number).value(), CommitMark.BANNED, ANN);
    }

    @Test
    void a_hint_to_an_island_that_does_not_exist_is_refused() {
        search.execute("INSERT INTO map_elites_states (experiment_id, island_id) VALUES ('%s', 'main')"
                .formatted(search.experiment.id()));

        assertThatThrownBy(() -> controls.hint(search.experiment.id(), "mian", "hurry", ANN))
                .hasMessageContaining("there is no island 'mian'; there are [main]");
        controls.hint(search.experiment.id(), "main", "hurry", ANN);
        assertThat(controls.hints(search.experiment.id())).hasSize(1);
    }

    @Test
    void before_there_is_an_archive_the_islands_are_those_of_the_settings() {
        search.execute("UPDATE experiments SET config_snapshot = '{\"search\": {\"islands\": 2}}'");

        controls.goal(search.experiment.id(), "island-2", "smaller", ANN);
        for (String wrong : List.of("mian", "", "\0", "island-3", "x".repeat(70))) {
            assertThatThrownBy(() -> controls.hint(search.experiment.id(), wrong, "hurry", ANN))
                    .isInstanceOfSatisfying(
                            LoreleyException.class,
                            refused -> assertThat(refused.kind()).isEqualTo(FailureKind.CONFIGURATION))
                    .hasMessageContaining("there are [main, island-2]");
        }
        assertThat(actions()).containsExactly("goal");
    }

    @Test
    void an_order_with_a_value_that_cannot_be_stored_is_no_failure_of_the_database() {
        assertThatThrownBy(() -> controls.drain("\0", ANN))
                .isInstanceOf(UnusableValueException.class)
                .hasMessageContaining("a character that it cannot store");
    }

    @Test
    void commits_are_marked_by_the_beginning_of_their_hash() {
        search.succeeded(1);
        String hash = Rows.commit(1).value();

        controls.mark(search.experiment.id(), hash, CommitMark.PINNED, ANN);
        controls.mark(search.experiment.id(), hash, CommitMark.PINNED, ANN);
        assertThatThrownBy(() -> controls.mark(search.experiment.id(), hash, CommitMark.BANNED, ANN))
                .hasMessageContaining("no other elite would be left");
        assertThat(controls.marks(search.experiment.id())).isEqualTo(Map.of(Rows.commit(1), CommitMark.PINNED));
        assertThatThrownBy(() -> controls.unmark(search.experiment.id(), hash, CommitMark.BANNED, ANN))
                .hasMessageContaining("is pinned, and not banned. Nothing was changed");
        controls.unmark(search.experiment.id(), hash, CommitMark.PINNED, ANN);

        assertThat(controls.marks(search.experiment.id())).isEmpty();
        assertThat(actions()).containsExactly("unmark", "pin", "pin");
        assertThatThrownBy(() -> controls.mark(search.experiment.id(), "abc", CommitMark.PINNED, ANN))
                .hasMessageContaining("no commit that the experiment recorded");
    }

    @Test
    void hints_add_up_and_an_island_has_one_goal() {
        controls.hint(search.experiment.id(), null, "mind the cache", ANN);
        controls.hint(search.experiment.id(), "main", "use one thread", ANN);
        controls.goal(search.experiment.id(), "main", "smaller", ANN);
        controls.goal(search.experiment.id(), "main", "faster", ANN);

        List<Hint> hints = controls.hints(search.experiment.id());

        assertThat(hints).extracting(Hint::text).containsExactly("mind the cache", "use one thread", "faster");
        assertThat(hints)
                .filteredOn(hint -> hint.concerns("other"))
                .extracting(Hint::text)
                .containsExactly("mind the cache");
        assertThat(controls.clearHints(search.experiment.id(), ANN)).isEqualTo(3);
        assertThatThrownBy(() -> controls.hint(search.experiment.id(), null, "  ", ANN))
                .hasMessageContaining("needs words");
    }

    @Test
    void a_worker_is_seen_drains_and_leaves() {
        Workers workers = new Workers(postgres.database());
        var who = new Workers.Introduction("host:12:34", "host", 12, "1.0", List.of("gpu"), 3);
        workers.enter(who, search.experiment.id());

        assertThat(workers.slots(search.experiment.id())).isEqualTo(3);
        assertThat(workers.seen("host:12:34")).isFalse();
        assertThat(controls.drain("host:12", ANN)).isEqualTo("host:12:34");
        assertThat(workers.seen("host:12:34")).isTrue();
        assertThat(workers.slots(search.experiment.id())).isZero();
        workers.left("host:12:34");
        assertThat(workers.all()).singleElement().satisfies(seen -> {
            assertThat(seen.who()).isEqualTo(who);
            assertThat(seen.stoppedAt()).isNotNull();
            assertThat(seen.alive()).isFalse();
        });
        assertThatThrownBy(() -> controls.drain("host", ANN)).hasMessageContaining("no worker at work");
    }

    @Test
    void a_silent_worker_offers_no_slots() {
        Workers workers = new Workers(postgres.database());
        workers.enter(new Workers.Introduction("w", "host", 12, "1.0", List.of(), 3), search.experiment.id());

        assertThat(workers.slots(search.experiment.id())).isEqualTo(3);
        search.execute("UPDATE workers SET last_seen_at = now() - interval '16 seconds'");

        assertThat(workers.slots(search.experiment.id())).isZero();
        assertThat(workers.all())
                .singleElement()
                .extracting(Workers.Seen::alive)
                .isEqualTo(false);
    }

    @Test
    void a_worker_that_was_not_seen_for_a_month_is_forgotten_unless_it_still_holds_something() {
        Workers workers = new Workers(postgres.database());
        for (String name : List.of("gone", "lately", "at-job", "at-entry", "at-lease")) {
            workers.enter(new Workers.Introduction(name, "host", 12, "1.0", List.of(), 1), search.experiment.id());
        }
        search.execute("UPDATE workers SET last_seen_at = now() - interval '31 days' WHERE name <> 'lately'");
        search.running(1);
        search.execute("UPDATE evolution_jobs SET worker = 'at-job'");
        search.queued(2);
        search.execute("UPDATE scheduled_tasks SET picked = true, picked_by = 'at-entry'");
        ExperimentLock.tryAcquire(search.database, search.experiment.id(), "at-lease")
                .orElseThrow()
                .close();

        assertThat(workers.forget(true)).isEqualTo(1);
        assertThat(workers.forget(false)).isEqualTo(1);
        assertThat(workers.forget(false)).isZero();

        assertThat(search.value("SELECT string_agg(name, ' ' ORDER BY name) FROM workers"))
                .isEqualTo("at-entry at-job at-lease lately");
    }

    @Test
    void a_worker_learns_which_of_its_jobs_were_taken_from_it() {
        Workers workers = new Workers(postgres.database());
        Attempt held = new Attempt(search.running(1), 1);
        Attempt cancelled = new Attempt(search.running(2), 1);
        controls.cancel(cancelled.job().toString(), ANN);
        Attempt before = new Attempt(search.running(3), 1);
        search.lose(before.job());
        search.claim(before.job());

        assertThat(workers.takenFrom(
                        StoredSearch.WORKER, List.of(held, cancelled, before, new Attempt(before.job(), 2))))
                .containsExactlyInAnyOrder(cancelled, before);
        assertThat(workers.takenFrom("another", List.of(held))).containsExactly(held);
        assertThat(workers.takenFrom(StoredSearch.WORKER, List.of())).isEmpty();
    }

    private List<String> actions() {
        return controls.audit(search.experiment.id(), 50).stream()
                .map(AuditEntry::action)
                .toList();
    }
}
