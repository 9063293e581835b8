package io.loreley.store;

import static io.loreley.domain.JobStatus.CANCELLED;
import static io.loreley.domain.JobStatus.FAILED;
import static io.loreley.domain.JobStatus.PENDING;
import static io.loreley.domain.JobStatus.QUEUED;
import static io.loreley.domain.JobStatus.RUNNING;
import static io.loreley.domain.JobStatus.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.Experiment;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobArtifacts;
import io.loreley.domain.JobId;
import io.loreley.domain.JobStatus;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.StageName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The edges of {@code docs/job-states.md}, and no others. */
@Execution(ExecutionMode.CONCURRENT)
class JobsIT {

    private static final Map<JobStatus, Set<JobStatus>> EDGES = Map.of(
            PENDING, Set.of(QUEUED, CANCELLED),
            QUEUED, Set.of(RUNNING, CANCELLED),
            RUNNING, Set.of(QUEUED, SUCCEEDED, FAILED, CANCELLED),
            SUCCEEDED, Set.of(),
            FAILED, Set.of(),
            CANCELLED, Set.of());

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private StoredSearch search;
    private Jobs jobs;

    @BeforeEach
    void open() {
        search = new StoredSearch(postgres.database());
        jobs = search.jobs;
    }

    static Stream<Arguments> pairs() {
        return Arrays.stream(JobStatus.values())
                .flatMap(from -> Arrays.stream(JobStatus.values()).map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void the_database_holds_the_edges_whoever_writes(JobStatus from, JobStatus to) {
        JobId job = search.pending(0);
        search.execute("ALTER TABLE evolution_jobs DISABLE TRIGGER evolution_jobs_edge");
        search.execute(update(job, from));
        search.execute("ALTER TABLE evolution_jobs ENABLE TRIGGER evolution_jobs_edge");

        if (from == to || EDGES.getOrDefault(from, Set.of()).contains(to)) {
            search.execute(update(job, to));
            assertThat(search.find(job).status()).isEqualTo(to);
        } else {
            assertThatThrownBy(() -> search.execute(update(job, to)))
                    .hasMessageContaining("a job cannot move from %s to %s".formatted(from, to));
            assertThat(search.find(job).status()).isEqualTo(from);
        }
    }

    /** With everything that the constraints ask of the state, so that the edge alone is tried. */
    private static String update(JobId job, JobStatus to) {
        return """
            UPDATE evolution_jobs SET status = '%s', completed_at = %s, result_commit_hash = repeat('a', 40),
                failure_kind = 'INTERNAL', last_error = 'why', worker = 'w', started_at = now(), attempt = 1 WHERE id = '%s'""".formatted(to, to.isFinal() ? "now()" : "NULL", job);
    }

    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void each_method_moves_a_job_along_its_own_edge_only(JobStatus from) {
        assertThat(statusAfter(from, 0, job -> jobs.dispatch(search.experiment.id(), 10)))
                .isEqualTo(from == PENDING ? QUEUED : from);
        assertThat(statusAfter(from, 1, job -> jobs.claim(job, "w", "prepare")))
                .isEqualTo(from == QUEUED ? RUNNING : from);
        assertThat(statusAfter(from, 2, job -> jobs.giveBack(job, 1))).isEqualTo(from == RUNNING ? QUEUED : from);
        assertThat(statusAfter(from, 3, search::lose)).isEqualTo(from == RUNNING ? QUEUED : from);
        assertThat(statusAfter(from, 4, job -> jobs.succeed(job, 1, search.result(job, 40))))
                .isEqualTo(from == RUNNING ? SUCCEEDED : from);
        assertThat(statusAfter(from, 5, job -> jobs.fail(job, 1, FailureKind.INTERNAL, "why")))
                .isEqualTo(from == RUNNING ? FAILED : from);
        assertThat(statusAfter(from, 6, search::cancel)).isEqualTo(from.isFinal() ? from : CANCELLED);
        assertThat(statusAfter(from, 7, job -> search.begin(search.findWithExperiment(job), StageName.CODE)))
                .isEqualTo(from);
    }

    @Test
    void a_commit_that_was_measured_again_has_the_mean_of_all_measurements() {
        EvolutionJob first = search.succeeded(1);
        CommitHash commit = Rows.commit(1);
        assertThat(first.result()).isEqualTo(commit);
        JobId again = search.running(2);

        assertThat(jobs.remeasure(
                        again, 2, commit, List.of(new Measurement("score", 4, null, Direction.MAXIMIZE, Map.of()))))
                .isFalse();
        assertThat(jobs.remeasure(
                        again, 1, commit, List.of(new Measurement("score", 4, null, Direction.MAXIMIZE, Map.of()))))
                .isTrue();

        assertThat(search.find(again).result()).isEqualTo(commit);
        assertThat(search.value("SELECT value || ' ' || samples || ' ' || round(deviation::numeric, 4) FROM metrics "
                        + "WHERE name = 'score'"))
                .isEqualTo("2.5 2 2.1213");
        assertThat(search.value("SELECT count(*)::text FROM metrics")).isEqualTo("2");
    }

    private JobStatus statusAfter(JobStatus from, int number, Consumer<JobId> move) {
        JobId job = at(from, number);
        move.accept(job);
        return search.find(job).status();
    }

    private JobId at(JobStatus status, int number) {
        return switch (status) {
            case PENDING -> search.pending(number);
            case QUEUED -> search.queued(number);
            case RUNNING -> search.running(number);
            case SUCCEEDED -> search.succeeded(number).id();
            case FAILED -> {
                JobId job = search.running(number);
                jobs.fail(job, 1, FailureKind.AGENT_CRASH, "exit code 1");
                yield job;
            }
            case CANCELLED -> {
                JobId job = search.pending(number);
                search.cancel(job);
                yield job;
            }
        };
    }

    @Test
    void a_claim_notes_who_when_and_which_attempt() {
        EvolutionJob job = search.claim(search.queued(0));

        assertThat(job.status()).isEqualTo(RUNNING);
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.worker()).isEqualTo(StoredSearch.WORKER);
        assertThat(job.stage()).isEqualTo("prepare");
        assertThat(job.startedAt()).isEqualTo(Rows.NOON);
        assertThat(job.experiment()).extracting(Experiment::name).isEqualTo("experiment-1");
    }

    @Test
    void a_success_is_recorded_whole() {
        EvolutionJob job = search.succeeded(7);

        assertThat(job.result()).isEqualTo(Rows.commit(7));
        assertThat(job.completedAt()).isEqualTo(Rows.NOON);
        assertThat(job.planSummary()).isEqualTo("a plan");
        assertThat(job.stage()).isNull();
        assertThat(new Experiments(search.database)
                        .card(search.experiment.id(), Rows.commit(7))
                        .metrics())
                .hasSize(2);
        assertThat(search.value("SELECT count(*) FROM job_artifacts WHERE job_id = '%s'".formatted(job.id())))
                .isEqualTo("1");
    }

    @Test
    void a_success_that_cannot_be_recorded_whole_is_not_recorded() {
        search.succeeded(1);
        JobId job = search.running(2);

        // the same commit has a card already
        assertThatThrownBy(() -> jobs.succeed(job, 1, search.result(job, 1)))
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining("commit_cards");

        assertThat(search.find(job).status()).isEqualTo(RUNNING);
        assertThat(search.find(job).result()).isNull();
        assertThat(search.value("SELECT count(*) FROM job_artifacts WHERE job_id = '%s'".formatted(job)))
                .isEqualTo("0");
    }

    @Test
    void a_late_attempt_changes_nothing() {
        EvolutionJob first = search.claim(search.queued(0));
        JobId job = first.id();
        search.lose(job);
        search.claim(job);

        assertThat(search.begin(first, StageName.CODE)).isFalse();
        assertThat(jobs.giveBack(job, 1)).isFalse();
        assertThat(jobs.fail(job, 1, FailureKind.AGENT_CRASH, "late")).isFalse();
        assertThat(jobs.succeed(job, 1, search.result(job, 1))).isFalse();

        EvolutionJob held = search.find(job);
        assertThat(held.status()).isEqualTo(RUNNING);
        assertThat(held.attempt()).isEqualTo(2);
        assertThat(held.stage()).isEqualTo("prepare");
        assertThat(held.lastError()).isNull();
        assertThat(search.value("SELECT count(*) FROM commit_cards")).isEqualTo("0");
        assertThat(jobs.succeed(job, 2, search.result(job, 1))).isTrue();
    }

    @Test
    void of_racing_claimers_one_wins() throws Exception {
        JobId job = search.queued(0);

        List<Boolean> won = race(8, runner -> claims(jobs, job, runner));

        assertThat(won).containsOnlyOnce(true);
        assertThat(search.find(job).attempt()).isEqualTo(1);
        assertThat(search.find(job).worker()).isEqualTo("worker-" + won.indexOf(true));
    }

    @Test
    void of_racing_claimers_in_different_processes_one_wins() throws Exception {
        JobId job = search.queued(0);

        List<Boolean> won = race(8, runner -> claims(anotherProcess(), job, runner));

        assertThat(won).containsOnlyOnce(true);
        assertThat(search.find(job).attempt()).isEqualTo(1);
    }

    private static boolean claims(Jobs jobs, JobId job, int runner) {
        Optional<EvolutionJob> claimed = jobs.claim(job, "worker-" + runner, "prepare");
        claimed.ifPresent(mine -> assertThat(mine.worker()).isEqualTo("worker-" + runner));
        return claimed.isPresent();
    }

    private Jobs anotherProcess() {
        return new Jobs(postgres.database(), new JobQueue(search.experiment.id(), search.clock), search.clock);
    }

    @Test
    void jobs_that_end_together_are_all_recorded_and_what_the_database_refuses_of_one_fails_no_other()
            throws Exception {
        List<JobId> running = IntStream.range(0, 12).mapToObj(search::running).toList();
        List<JobResult> results = IntStream.range(0, 12)
                .mapToObj(number ->
                        search.result(running.get(number), number % 11)) // the last one has the first one's commit
                .toList();

        List<String> ends = race(12, runner -> {
            try {
                return String.valueOf(jobs.succeed(running.get(runner), runner == 5 ? 2 : 1, results.get(runner)));
            } catch (LoreleyException e) {
                return e.kind().toString();
            }
        });

        assertThat(ends.get(5)).as("of another attempt").isEqualTo("false");
        assertThat(List.of(ends.getFirst(), ends.getLast())).containsExactlyInAnyOrder("true", "DATABASE");
        assertThat(ends.subList(1, 11)).filteredOn("true"::equals).hasSize(9);
        assertThat(search.value("SELECT count(*) FROM evolution_jobs WHERE status = 'SUCCEEDED'"))
                .isEqualTo("10");
        assertThat(search.value("SELECT count(*) FROM commit_cards")).isEqualTo("10");
        assertThat(search.value("SELECT count(*) FROM job_artifacts")).isEqualTo("10");
        assertThat(search.value("SELECT count(*) FROM metrics")).isEqualTo("20");
        assertThat(search.value("SELECT count(*) FROM scheduled_tasks")).isEqualTo("2");
    }

    @Test
    void of_racing_finishers_one_wins() throws Exception {
        JobId job = search.running(0);

        List<Boolean> won = race(
                8,
                runner -> runner % 2 == 0
                        ? jobs.fail(job, 1, FailureKind.AGENT_CRASH, "runner " + runner)
                        : jobs.succeed(job, 1, resultOf(job, runner)));

        assertThat(won).containsOnlyOnce(true);
        boolean succeeded = search.find(job).status() == SUCCEEDED;
        assertThat(search.value("SELECT count(*) FROM commit_cards")).isEqualTo(succeeded ? "1" : "0");
    }

    private JobResult resultOf(JobId job, int runner) {
        JobResult result = search.result(job, runner);
        return new JobResult(result.card(), result.metrics(), JobArtifacts.Paths.NONE, "runner " + runner);
    }

    private interface Runner<T> {
        T run(int number) throws Exception;
    }

    private static <T> List<T> race(int runners, Runner<T> runner) throws InterruptedException, ExecutionException {
        var start = new CyclicBarrier(runners);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> results = IntStream.range(0, runners)
                    .<Callable<T>>mapToObj(number -> () -> {
                        start.await();
                        return runner.run(number);
                    })
                    .map(threads::submit)
                    .toList();
            var values = new java.util.ArrayList<T>();
            for (Future<T> result : results) {
                values.add(result.get());
            }
            return values;
        }
    }

    @Test
    void who_finds_a_worker_dead_does_no_harm_to_the_one_that_has_its_job_by_now() {
        JobId job = search.running(0);
        jobs.lost(job, StoredSearch.WORKER);
        assertThat(jobs.claim(job, "worker-2", "prepare")).isPresent();

        jobs.lost(job, StoredSearch.WORKER);

        assertThat(search.find(job).status()).isEqualTo(RUNNING);
        assertThat(search.find(job).lostAttempts()).isEqualTo(1);
        jobs.lost(job, "worker-2");
        assertThat(search.find(job).status()).isEqualTo(QUEUED);
    }

    @Test
    void a_worker_that_was_only_suspended_keeps_what_it_picked_anew() {
        JobId job = search.running(0);
        JobQueue.Entry seen = new JobQueue.Entry(
                StoredSearch.WORKER,
                Long.parseLong(
                        search.value("SELECT version FROM scheduled_tasks WHERE task_instance = '%s'".formatted(job))));
        jobs.lost(job, seen);
        assertThat(search.find(job).status()).isEqualTo(QUEUED);
        search.execute("UPDATE scheduled_tasks SET version = version + 1 WHERE task_instance = '%s'".formatted(job));
        search.claim(job);

        jobs.lost(job, seen);

        assertThat(search.find(job).status()).isEqualTo(RUNNING);
        assertThat(search.find(job).attempt()).isEqualTo(2);
    }

    @Test
    void the_third_lost_worker_ends_a_job() {
        JobId job = search.queued(0);
        for (int death = 1; death < Jobs.MAX_LOST_ATTEMPTS; death++) {
            search.claim(job);
            search.lose(job);
            assertThat(search.find(job).status()).isEqualTo(QUEUED);
            assertThat(search.find(job).lostAttempts()).isEqualTo(death);
        }
        search.claim(job);
        search.lose(job);

        EvolutionJob ended = search.find(job);
        assertThat(ended.status()).isEqualTo(FAILED);
        assertThat(ended.failureKind()).isEqualTo(FailureKind.WORKER_LOST);
        assertThat(ended.lastError()).contains("3 workers died");
        assertThat(ended.lostAttempts()).isEqualTo(3);
    }

    @Test
    void a_job_that_is_given_back_is_not_charged() {
        JobId job = search.queued(0);
        for (int stop = 1; stop <= 5; stop++) {
            int attempt = search.claim(job).attempt();
            assertThat(attempt).isEqualTo(stop);
            assertThat(jobs.giveBack(job, attempt)).isTrue();
        }

        EvolutionJob waiting = search.find(job);
        assertThat(waiting.status()).isEqualTo(QUEUED);
        assertThat(waiting.lostAttempts()).isZero();
        assertThat(waiting.worker()).isNull();
        assertThat(waiting.stage()).isNull();
    }

    @Test
    void jobs_are_dispatched_by_priority_then_age() {
        jobs.draw(search.job(1, 0, Rows.NOON));
        jobs.draw(search.job(2, 5, Rows.NOON.plusSeconds(2)));
        jobs.draw(search.job(3, 5, Rows.NOON.plusSeconds(1)));
        jobs.draw(search.job(4, 0, Rows.NOON.minusSeconds(1)));

        var order = new java.util.ArrayList<Long>();
        while (jobs.dispatch(search.experiment.id(), 1) == 1) {
            IntStream.rangeClosed(1, 4)
                    .mapToObj(number -> search.find(new JobId(new UUID(3, number))))
                    .filter(job -> job.status() == QUEUED && !order.contains(job.draw()))
                    .forEach(job -> order.add(job.draw()));
        }

        assertThat(order).containsExactly(3L, 2L, 4L, 1L);
    }

    @Test
    void a_draw_number_is_used_once() {
        jobs.draw(search.job(1, 0, Rows.NOON));
        search.execute("UPDATE evolution_jobs SET id = gen_random_uuid()");

        assertThatThrownBy(() -> jobs.draw(search.job(1, 0, Rows.NOON)))
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining("uq_evolution_jobs_draw");
        assertThat(jobs.nextDraw(search.experiment.id())).isEqualTo(2);
    }

    @Test
    void the_row_and_its_queue_entry_are_one_transaction() {
        JobId job = search.pending(0);
        search.execute("ALTER TABLE scheduled_tasks ADD CONSTRAINT nothing_fits CHECK (false) NOT VALID");

        assertThatThrownBy(() -> jobs.dispatch(search.experiment.id(), 1)).isInstanceOf(RuntimeException.class);

        assertThat(search.find(job).status()).isEqualTo(PENDING);
        assertThat(search.value("SELECT count(*) FROM scheduled_tasks")).isEqualTo("0");

        search.execute("ALTER TABLE scheduled_tasks DROP CONSTRAINT nothing_fits");
        assertThat(jobs.dispatch(search.experiment.id(), 1)).isEqualTo(1);
        assertThat(search.find(job).status()).isEqualTo(QUEUED);
        assertThat(search.value("SELECT task_instance FROM scheduled_tasks")).isEqualTo(job.toString());
    }

    @Test
    void a_job_that_ends_takes_its_entry_along_and_a_late_attempt_takes_none() {
        JobId done = search.running(0);
        JobId failed = search.running(1);
        JobId kept = search.running(2);

        assertThat(jobs.succeed(done, 1, search.result(done, 1))).isTrue();
        assertThat(jobs.fail(failed, 1, FailureKind.NO_CHANGE, "nothing")).isTrue();
        assertThat(jobs.fail(kept, 7, FailureKind.NO_CHANGE, "late")).isFalse();

        assertThat(search.value("SELECT string_agg(task_instance, ' ') FROM scheduled_tasks"))
                .isEqualTo(kept.toString());
    }

    @Test
    void a_queue_without_entries_is_repaired() {
        JobId waiting = search.queued(0);
        JobId held = search.running(1);
        search.succeeded(2);
        search.pending(3);
        search.execute("DELETE FROM scheduled_tasks");

        jobs.repairQueue(search.experiment.id());
        jobs.repairQueue(search.experiment.id());

        assertThat(search.value("SELECT string_agg(task_instance, ' ' ORDER BY task_instance) FROM scheduled_tasks"))
                .isEqualTo(waiting + " " + held);
    }

    @Test
    void an_error_with_a_nul_is_stored() {
        JobId job = search.running(0);

        assertThat(jobs.fail(job, 1, FailureKind.AGENT_CRASH, "a\0b")).isTrue();

        assertThat(search.find(job).lastError()).isEqualTo("a␀b");
    }
}
