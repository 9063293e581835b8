package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.loreley.domain.Direction;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.FailureKind;
import io.loreley.domain.IngestionStatus;
import io.loreley.domain.JobId;
import io.loreley.domain.Objective;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Traits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class StatusQueryIT {

    /** What the counters should say, and what they say; empty if they agree. */
    private static final String DIFFERENCE = """
            WITH counted AS (
                SELECT experiment_id, status, coalesce(failure_kind, '') AS kind, count(*) AS jobs FROM evolution_jobs
                WHERE experiment_id IS NOT NULL GROUP BY 1, 2, 3),
            kept AS (
                SELECT experiment_id, status, failure_kind AS kind, sum(jobs) AS jobs FROM evolution_job_counts
                GROUP BY 1, 2, 3 HAVING sum(jobs) <> 0)
            SELECT coalesce(string_agg(difference::text, ' '), '') FROM (
                (TABLE counted EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE counted)) difference""";

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private StoredSearch search;

    @BeforeEach
    void open() {
        search = new StoredSearch(postgres.database());
    }

    @Test
    void a_job_that_waits_for_its_provider_or_was_cancelled_then_has_not_failed() {
        for (int number : List.of(1, 2)) {
            search.jobs.postpone(search.running(number), 1, FailureKind.AGENT_RATE_LIMIT, "too many", 9);
        }
        search.cancel(new JobId(new UUID(3, 2)));
        search.jobs.fail(search.running(3), 1, FailureKind.AGENT_RATE_LIMIT, "too many");

        assertThat(new Vitals(search.database).jobs())
                .filteredOn(jobs -> jobs.count() > 0)
                .extracting(Vitals.Jobs::status, Vitals.Jobs::cause, Vitals.Jobs::count)
                .containsExactly(
                        tuple("cancelled", "", 1L), tuple("failed", "agent_rate_limit", 1L), tuple("queued", "", 1L));
        var limited = new JobListing.Filter(search.experiment.id(), Set.of(), null, "AGENT_RATE_LIMIT", null, null);
        assertThat(new JobListing(search.database)
                        .page(limited, "score", null, 9)
                        .items())
                .extracting(JobListing.Line::id)
                .containsExactly(new JobId(new UUID(3, 3)));
    }

    @Test
    void an_experiment_without_jobs_is_empty() {
        ExperimentStatus status = status(Direction.MAXIMIZE);

        assertThat(status.jobs()).isEqualTo(ExperimentStatus.Jobs.NONE);
        assertThat(status.failures()).isEmpty();
        assertThat(status.root()).isNull();
        assertThat(status.best()).isNull();
        assertThat(status.elapsed()).isZero();
        assertThat(status.budget().drawn()).isZero();
    }

    @Test
    void jobs_are_counted_by_state_and_failures_by_cause() {
        search.succeeded(0);
        JobId failed = search.running(1);
        search.jobs.fail(failed, 1, FailureKind.AGENT_TIMEOUT, "too slow");
        for (int number : new int[] {2, 3}) {
            search.jobs.fail(search.running(number), 1, FailureKind.NO_CHANGE, "nothing");
        }
        search.cancel(search.pending(4));
        search.running(5);
        search.queued(6);
        search.pending(7);

        ExperimentStatus status = status(Direction.MAXIMIZE);

        assertThat(status.jobs()).isEqualTo(new ExperimentStatus.Jobs(1, 1, 1, 1, 3, 1));
        assertThat(status.failures()).isEqualTo(Map.of(FailureKind.AGENT_TIMEOUT, 1L, FailureKind.NO_CHANGE, 2L));
        assertThat(status.budget().drawn()).isEqualTo(8);
    }

    @Test
    void progress_is_told_in_the_units_of_the_objective() {
        ingest(0, -9.5, 3);
        ingest(1, -12.0, 4);
        ingest(2, -3.25, 5);

        ExperimentStatus status = status(Direction.MINIMIZE);

        assertThat(status.history())
                .extracting(ExperimentStatus.Improvement::value)
                .containsExactly(9.5, 3.25);
        assertThat(status.history())
                .extracting(ExperimentStatus.Improvement::job)
                .containsExactly(1L, 3L);
        assertThat(status.best()).isEqualTo(new ExperimentStatus.Score(Rows.commit(2), 3.25, "Make it faster"));
        assertThat(status.elites()).isEqualTo(3);
        assertThat(status.qdScore()).isEqualTo(-24.75);
        assertThat(status.coverage()).isEqualTo(0.03);
    }

    @Test
    void a_job_that_was_queued_again_is_not_the_root() {
        ingest(0, 1, 3);
        JobId failed = search.running(1);
        search.jobs.fail(failed, 1, FailureKind.AGENT_CRASH, "exit code 1");
        JobId again =
                new Controls(search.database).requeue(failed.toString(), "ann").job();
        search.jobs.dispatch(search.experiment.id(), 9);
        search.claim(again);
        search.jobs.succeed(again, 2, search.result(again, 2));
        ingest(search.find(again), 2, 5, 4);

        ExperimentStatus status = status(Direction.MAXIMIZE);

        assertThat(status.root()).isNull();
        assertThat(status.history())
                .extracting(ExperimentStatus.Improvement::job)
                .containsExactly(1L, 2L);
    }

    private void ingest(int number, double objective, long cell) {
        search.clock.advance(Duration.ofSeconds(1));
        ingest(search.succeeded(number), number, objective, cell);
    }

    private void ingest(EvolutionJob job, int number, double objective, long cell) {
        var seen = new Observation(Rows.commit(number), Traits.of(Vector.of(1, 2)), objective, "hash");
        var elite = new StoredElite(cell, Rows.commit(number), objective, objective, Vector.of(0.5), 0);
        search.archives.record(
                search.island,
                job,
                new Ingested(IngestionStatus.SUCCEEDED, 1, 2, null, cell),
                new IslandChange.Placed(seen, elite, 1, false));
    }

    @Test
    void elapsed_is_from_the_first_start_to_the_last_end_or_to_now_while_a_job_runs() {
        search.succeeded(0);
        search.clock.advance(Duration.ofSeconds(10));
        search.succeeded(1);
        search.clock.advance(Duration.ofSeconds(100));
        assertThat(status(Direction.MAXIMIZE).elapsed()).isEqualTo(Duration.ofSeconds(10));

        search.running(2);
        assertThat(status(Direction.MAXIMIZE).elapsed()).isEqualTo(Duration.ofSeconds(110));
    }

    @Test
    void counts_are_true_after_every_kind_of_statement() {
        new StoredSearch(search.database, 2);
        Random random = new Random(1);
        for (int round = 0; round < 120; round++) {
            search.execute(anyStatement(random));
            assertThat(search.value(DIFFERENCE)).as("round %d", round).isEmpty();
        }
    }

    /** A statement that a tool or a person might write; most touch many rows, some none. */
    private static String anyStatement(Random random) {
        int part = random.nextInt(7);
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> """
                INSERT INTO evolution_jobs (id, experiment_id, status, failure_kind, last_error, completed_at, result_commit_hash)
                SELECT gen_random_uuid(), e.id, s, CASE s WHEN 'FAILED' THEN 'NO_CHANGE' END, CASE s WHEN 'FAILED' THEN 'why' END,
                    CASE WHEN s IN ('SUCCEEDED', 'FAILED') THEN now() END, CASE s WHEN 'SUCCEEDED' THEN 'a' END
                FROM experiments e, generate_series(1, %d), unnest('{PENDING,QUEUED,SUCCEEDED,FAILED}'::job_status[]) s""".formatted(1 + part);
            case 3 ->
                "UPDATE evolution_jobs SET status = 'QUEUED' WHERE status = 'PENDING' AND hashtext(id::text) % 7 = "
                        + part;
            case 4 -> """
                UPDATE evolution_jobs SET status = 'RUNNING', worker = 'w', started_at = now(), attempt = 1
                WHERE status = 'QUEUED' AND hashtext(id::text) %% 7 = %d""".formatted(part);
            case 5 -> """
                UPDATE evolution_jobs SET status = 'FAILED', failure_kind = 'AGENT_CRASH', last_error = 'why', completed_at = now()
                WHERE status = 'RUNNING' AND hashtext(id::text) %% 7 = %d""".formatted(part);
            case 6 ->
                "UPDATE evolution_jobs SET failure_kind = 'GIT' WHERE status = 'FAILED' AND hashtext(id::text) % 7 = "
                        + part;
            case 7 -> "UPDATE evolution_jobs SET priority = priority + 1";
            case 8 -> "DELETE FROM evolution_jobs WHERE hashtext(id::text) % 7 = " + part;
            default -> part == 0 ? "TRUNCATE evolution_jobs CASCADE" : """
                        UPDATE evolution_jobs SET experiment_id = (SELECT id FROM experiments ORDER BY name LIMIT 1)
                        WHERE hashtext(id::text) %% 7 = %d""".formatted(part);
        };
    }

    @Test
    void a_rolled_back_job_is_not_counted() {
        search.execute("BEGIN; DELETE FROM evolution_jobs; ROLLBACK");
        search.pending(0);
        search.execute("BEGIN; DELETE FROM evolution_jobs; ROLLBACK");

        assertThat(status(Direction.MAXIMIZE).jobs().pending()).isEqualTo(1);
    }

    @Test
    void a_deleted_experiment_takes_its_counts_along_and_leaves_those_of_others() {
        StoredSearch other = new StoredSearch(search.database, 2);
        search.succeeded(0);
        search.pending(1);
        other.jobs.draw(other.job(5, 0, Rows.NOON));

        search.execute("DELETE FROM experiments WHERE id = '%s'".formatted(search.experiment.id()));

        assertThat(search.value("SELECT count(*) FROM evolution_jobs")).isEqualTo("3");
        assertThat(search.value("SELECT sum(jobs) FROM evolution_job_counts")).isEqualTo("1");
        assertThat(search.value(DIFFERENCE)).isEmpty();
    }

    @Test
    void counts_are_true_after_many_workers_at_once() throws Exception {
        int workers = 8;
        int each = 20;
        IntStream.range(0, workers * each).forEach(search::pending);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> work = IntStream.range(0, workers)
                    .<Callable<Boolean>>mapToObj(worker -> () -> {
                        for (int job = worker * each; job < (worker + 1) * each; job++) {
                            JobId id = search.job(job, 0, Rows.NOON).id();
                            search.jobs.dispatch(search.experiment.id(), 3);
                            while (search.jobs.claim(id, "w", "prepare").isEmpty()) {
                                search.jobs.dispatch(search.experiment.id(), 3);
                            }
                            if (job % 2 == 0) {
                                search.jobs.succeed(id, 1, search.result(id, job));
                            } else {
                                search.jobs.fail(id, 1, FailureKind.NO_CHANGE, "nothing");
                            }
                        }
                        return true;
                    })
                    .toList();
            for (var done : threads.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }
        }

        assertThat(status(Direction.MAXIMIZE).jobs()).isEqualTo(new ExperimentStatus.Jobs(0, 0, 0, 80, 80, 0));
        assertThat(search.value(DIFFERENCE)).isEmpty();
    }

    private ExperimentStatus status(Direction direction) {
        return new StatusQuery(search.database, search.clock)
                .status(new StatusQuery.Frame(
                        search.experiment.id(),
                        "experiment-1",
                        new Objective("score", direction),
                        100,
                        null,
                        Duration.ZERO,
                        null,
                        null,
                        null));
    }
}
