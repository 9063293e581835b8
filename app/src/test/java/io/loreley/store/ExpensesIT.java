package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.loreley.domain.EvolutionJob;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobId;
import io.loreley.domain.Spending;
import io.loreley.domain.StageName;
import io.loreley.domain.Usage;
import io.loreley.store.Expenses.Expenditure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class ExpensesIT {

    /** What the ledger sums up to, and what the sums say; empty if they agree. */
    private static final String DIFFERENCE = """
            WITH counted AS (
                SELECT experiment_id, coalesce(agent, '') AS agent, sum(calls) AS calls, sum(unpriced_calls), sum(input_tokens),
                    sum(cached_input_tokens), sum(output_tokens), round(sum(cost_usd)::numeric, 6)
                FROM job_stages GROUP BY 1, 2 HAVING sum(calls) > 0),
            kept AS (
                SELECT experiment_id, agent, sum(calls) AS calls, sum(unpriced_calls), sum(input_tokens), sum(cached_input_tokens),
                    sum(output_tokens), round(sum(cost_usd)::numeric, 6)
                FROM agent_sums GROUP BY 1, 2 HAVING sum(calls) > 0)
            SELECT coalesce(string_agg(difference::text, ' '), '') FROM (
                (TABLE counted EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE counted)) difference""";

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private StoredSearch search;
    private Expenses expenses;

    @BeforeEach
    void open() {
        search = new StoredSearch(postgres.database());
        expenses = new Expenses(search.database);
    }

    @Test
    void nothing_was_spent_before_a_call() {
        search.begin(search.claim(search.queued(0)), StageName.CODE);

        Expenditure used = expenses.of(search.experiment.id());

        assertThat(used.spent()).isEqualTo(Spending.NONE);
        assertThat(used.dearestUsd()).isZero();
        assertThat(expenses.unpricedModel(search.experiment.id())).isEmpty();
    }

    @Test
    void jobs_at_work_are_told_from_those_that_ended() {
        EvolutionJob ended = begun(0);
        spend(ended, 2.0, 1.0);
        search.jobs.fail(ended.id(), 1, FailureKind.NO_CHANGE, "nothing");
        spend(begun(1), 0.5);
        begun(2);

        Expenditure used = expenses.of(search.experiment.id());

        assertThat(used.spent().costUsd()).isEqualTo(3.5);
        assertThat(used.spent().calls()).isEqualTo(3);
        assertThat(used.dearestUsd()).isEqualTo(3.0);
        assertThat(used.largestTokens()).isEqualTo(220);
        assertThat(used.open()).extracting(Spending::costUsd).containsExactlyInAnyOrder(0.5, 0.0);
    }

    @Test
    void a_call_without_a_price_is_counted_and_named() {
        EvolutionJob job = begun(0);
        search.stages.spent(job.id(), 1, StageName.CODE, List.of(new Usage("mystery-1", 10, 0, 10, null)));

        assertThat(expenses.of(search.experiment.id()).spent().unpricedCalls()).isEqualTo(1);
        assertThat(expenses.unpricedModel(search.experiment.id())).contains("mystery-1");
    }

    @Test
    void the_sums_agree_with_the_ledger_whatever_is_written() {
        var random = new SplittableRandom(7);
        for (int number = 0; number < 20; number++) {
            EvolutionJob job = begun(number);
            List<Usage> calls = new ArrayList<>();
            for (int call = random.nextInt(4); call > 0; call--) {
                Double cost = random.nextInt(3) == 0 ? null : random.nextDouble();
                calls.add(new Usage("m", random.nextInt(900), 0, 3, cost));
                search.stages.spent(job.id(), 1, StageName.CODE, calls);
            }
        }
        assertThat(search.value(DIFFERENCE)).isEmpty();
        search.execute("UPDATE job_stages SET agent = 'other' WHERE attempt = 1 AND calls = 2");
        search.execute(
                "UPDATE job_stages SET calls = calls + 1, cost_usd = cost_usd + 1, agent = 'third' WHERE calls = 1");
        search.execute("UPDATE evolution_jobs SET priority = 1");
        search.execute("DELETE FROM evolution_jobs WHERE draw < 9");
        assertThat(search.value(DIFFERENCE)).isEmpty();
        assertThat(search.value("SELECT sum(calls) FROM agent_sums")).isNotEqualTo("0");
        search.execute("TRUNCATE job_stages");
        assertThat(search.value(DIFFERENCE)).isEmpty();
        search.execute("DELETE FROM experiments");
        assertThat(search.value("SELECT count(*) FROM agent_sums")).isEqualTo("0");
    }

    @Test
    void the_jobs_of_each_agent_are_counted_by_what_became_of_them() {
        for (int number = 0; number < 6; number++) {
            EvolutionJob job = search.job(number, 0, Rows.NOON).givenTo(number % 2 == 0 ? "even" : "odd");
            search.jobs.draw(job);
        }
        search.jobs.draw(search.job(6, 0, Rows.NOON));
        search.jobs.dispatch(search.experiment.id(), 9);
        search.claim(new JobId(new UUID(3, 0)));
        search.jobs.succeed(new JobId(new UUID(3, 0)), 1, search.result(new JobId(new UUID(3, 0)), 0));
        search.execute("UPDATE evolution_jobs SET ingestion_status = 'succeeded' WHERE status = 'SUCCEEDED'");
        search.cancel(new JobId(new UUID(3, 1)));

        assertThat(expenses.arms(search.experiment.id()))
                .extracting(ArmRecord::agent, ArmRecord::drawn, ArmRecord::ended, ArmRecord::kept)
                .containsExactly(tuple("even", 3L, 1L, 1L), tuple("odd", 3L, 1L, 0L));
        search.execute("DELETE FROM evolution_jobs WHERE agent = 'odd'");
        assertThat(expenses.arms(search.experiment.id()))
                .extracting(ArmRecord::agent)
                .containsExactly("even");
    }

    @Test
    void a_statement_of_many_jobs_writes_the_sums_of_each_agent_once_and_in_their_order() throws SQLException {
        for (int number = 0; number < 40; number++) {
            search.pending(number);
        }
        try (var connection = search.database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            for (String change : List.of(
                    "agent = CASE draw % 2 WHEN 0 THEN 'slow' ELSE 'quick' END",
                    "status = 'CANCELLED', completed_at = now()")) {
                Sql.update(connection, "UPDATE evolution_jobs SET " + change);
            }

            assertThat(Sql.texts(
                            connection,
                            "SELECT n_tup_ins + n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = 'agent_sums'"))
                    .containsExactly("4");
            assertThat(Sql.texts(
                            connection,
                            "SELECT concat(agent, ' ', jobs_drawn, ' ', jobs_ended) FROM agent_sums ORDER BY ctid"))
                    .containsExactly("quick 20 20", "slow 20 20");
            connection.rollback();
        }
    }

    @Test
    void spending_of_many_connections_adds_up() throws Exception {
        List<EvolutionJob> jobs = List.of(begun(0), begun(1), begun(2), begun(3));
        List<Thread> threads = jobs.stream()
                .map(job -> Thread.ofVirtual().start(() -> {
                    for (int i = 1; i <= 25; i++) {
                        spend(job, 0.01 * i);
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(expenses.of(search.experiment.id()).spent().costUsd()).isCloseTo(1.0, within(1e-9));
        assertThat(search.value(DIFFERENCE)).isEmpty();
    }

    /** Statements of many rows, by connections that share slots, some of them taken back. */
    @Test
    void statements_of_many_rows_add_up_whoever_writes_beside_them() throws Exception {
        for (int number = 0; number < 6; number++) {
            begun(number);
        }
        search.execute("UPDATE job_stages SET calls = 1, cost_usd = 0.5, agent = 'one'");
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(writer -> Thread.ofVirtual().start(() -> {
                    try (var connection = search.database.dataSource().getConnection();
                            var statement = connection.createStatement()) {
                        connection.setAutoCommit(false);
                        for (int round = 0; round < 12; round++) {
                            statement.execute("""
                                    INSERT INTO job_stages (job_id, attempt, stage, experiment_id, worker, agent, calls, input_tokens, cost_usd, started_at)
                                    SELECT id, %d, named, experiment_id, 'w', (ARRAY['two', 'one', NULL])[n], n, n * 10, n * 0.25, now()
                                    FROM evolution_jobs, unnest(ARRAY['PLAN', 'CODE', 'EVALUATE']) WITH ORDINALITY AS stages (named, n)""".formatted(10 + writer * 20 + round));
                            statement.execute(
                                    "UPDATE job_stages SET calls = calls + 1, cost_usd = cost_usd + 0.25, agent = 'three' WHERE attempt = %d AND stage <> 'CODE'"
                                            .formatted(10 + writer * 20 + round));
                            statement.execute("DELETE FROM job_stages WHERE attempt = %d AND stage = 'PLAN'"
                                    .formatted(10 + writer * 20 + round - 1));
                            if (round % 3 == 2) {
                                connection.rollback();
                            } else {
                                connection.commit();
                            }
                        }
                    } catch (SQLException e) {
                        throw new AssertionError(e);
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(search.value(DIFFERENCE)).isEmpty();
        assertThat(search.value("SELECT count(DISTINCT agent) FROM agent_sums")).isEqualTo("4");
        assertThat(new StageListing(search.database).spent(search.experiment.id()))
                .isEqualTo(expenses.of(search.experiment.id()).spent());
        assertThat(search.value("SELECT sum(calls) FROM job_stages"))
                .isEqualTo(String.valueOf(new StageListing(search.database)
                        .spent(search.experiment.id())
                        .calls()));
    }

    private EvolutionJob begun(int number) {
        EvolutionJob job =
                search.findWithExperiment(search.claim(search.queued(number)).id());
        search.begin(job, StageName.CODE);
        return job;
    }

    private void spend(EvolutionJob job, double... costs) {
        search.stages.spent(
                job.id(),
                1,
                StageName.CODE,
                Arrays.stream(costs)
                        .mapToObj(cost -> new Usage("m", 100, 50, 10, cost))
                        .toList());
    }
}
