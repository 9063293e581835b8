package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.FailureKind;
import io.loreley.domain.IngestionStatus;
import io.loreley.domain.JobId;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobStatus;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Traits;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** No call of a running search reads a large table from end to end. */
class ScaleIT {

    private static final int JOBS = 200_000;
    /** The driver prepares a statement at its fifth execution, the server thinks of a generic plan at its sixth after. */
    private static final int REPETITIONS = 12;

    private static final Pattern PLACEHOLDER = Pattern.compile("\\?");

    private static final String LARGE =
            LargeTables.TABLES.stream().map("'%s'"::formatted).collect(Collectors.joining(",", "(", ")"));

    @RegisterExtension
    static final TestDatabase POSTGRES = new TestDatabase();

    private static StoredSearch search;

    @BeforeAll
    static void fill() {
        search = new StoredSearch(POSTGRES.database());
        LargeTables.fill(search, JOBS);
    }

    @Test
    void a_scan_would_be_noticed() {
        Map<String, Long> before = scans();
        search.value("SELECT count(*) FROM evolution_jobs WHERE last_error = 'nobody wrote this'");
        assertThat(scans()).isNotEqualTo(before);
    }

    @Test
    void no_repeated_call_scans_a_large_table() throws InterruptedException {
        vacuum("map_elites_archive_cells"); // others wrote to it; autovacuum does so in time
        Map<String, String> scanned = new TreeMap<>();
        SearchCalls.of(search, JOBS).forEach((name, call) -> {
            Map<String, Long> before = scans();
            for (int i = 0; i < REPETITIONS; i++) {
                call.run();
            }
            Map<String, Long> after = scans();
            if (!after.equals(before)) {
                scanned.put(name, before + " → " + after);
            }
        });

        assertThat(scanned).isEmpty();
    }

    /** Until all of its pages are known to be visible to all: an analysis of another table that is at work defers it. */
    private static void vacuum(String table) throws InterruptedException {
        String isDone = "SELECT relallvisible >= relpages FROM pg_class WHERE relname = '%s'".formatted(table);
        for (int i = 0; i < 100; i++) {
            search.execute("VACUUM ANALYZE " + table);
            if (search.value(isDone).equals("t")) {
                return;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("pages of %s stay invisible".formatted(table));
    }

    @Test
    void moving_a_job_scans_no_large_table() {
        Map<String, Long> before = scans();
        for (int number = 1; number <= REPETITIONS; number++) {
            int draw = JOBS + 1000 + number;
            search.jobs.draw(search.job(draw, 100, Rows.NOON));
            search.jobs.dispatch(search.experiment.id(), 1);
            JobId job = new JobId(new UUID(3, draw));
            search.claim(job);
            search.lose(job);
            search.claim(job);
            assertThat(search.jobs.succeed(job, 2, search.result(job, draw))).isTrue();
            var seen = new Observation(Rows.commit(draw), Traits.of(Vector.of(1, 2, 3, 4)), number, "hash");
            var elite = new StoredElite(JOBS + number, Rows.commit(draw), 1, 1, Vector.of(0, 0, 0, 0), 0);
            search.archives.record(
                    search.island,
                    search.find(job),
                    new Ingested(IngestionStatus.SUCCEEDED, 1, 2, null, elite.cell()),
                    new IslandChange.Placed(seen, elite, 1, false));
            JobId failing = search.queued(JOBS + 5000 + number);
            search.claim(failing);
            assertThat(search.jobs.fail(failing, 1, FailureKind.NO_CHANGE, "nothing"))
                    .isTrue();
            assertThat(search.cancel(search.pending(JOBS + 9000 + number))).isTrue();
            search.jobs.repairQueue(search.experiment.id());
        }

        assertThat(scans()).isEqualTo(before);
    }

    /** A generic plan knows no parameter, and is what a prepared statement may end up with. */
    @Test
    void the_generic_plan_of_every_question_about_jobs_uses_an_index() throws SQLException {
        List<String> statements = new ArrayList<>();
        UnaryOperator<String> inspector = sql -> {
            statements.add(sql);
            return sql;
        };
        SessionFactory sessions = Database.warmUp().join();
        try (Connection connection = search.database.dataSource().getConnection();
                StatelessSession session = sessions.withStatelessOptions()
                        .connection(connection)
                        .statementInspector(inspector)
                        .openStatelessSession()) {
            session.beginTransaction();
            askAll(new JobQueries_(session), search.experiment.id().value());
            new CardQueries_(session)
                    .withMetrics(search.experiment.id().value(), Rows.commit(1).value());
            session.getTransaction().rollback();
        }

        assertThat(statements).hasSizeGreaterThan(8);
        // in the extended protocol a placeholder without a value is an error
        String simple = POSTGRES.url().jdbc() + "?preferQueryMode=simple";
        try (Connection connection = DriverManager.getConnection(
                simple, POSTGRES.url().user(), POSTGRES.url().password())) {
            for (String sql : statements) {
                assertThat(genericPlan(connection, sql))
                        .as(sql)
                        .doesNotContainPattern("Seq Scan on (%s)".formatted(String.join("|", LargeTables.TABLES)));
            }
        }
    }

    private static void askAll(JobQueries jobs, UUID experiment) {
        UUID job = new UUID(0, 1);
        var now = Rows.NOON;
        var succeeded = JobStatus.SUCCEEDED;
        assertThat(jobs.byId(job)).isPresent();
        assertThat(jobs.withExperiment(job)).isPresent();
        assertThat(jobs.latest(experiment, JobKind.EVOLVE)).isPresent();
        assertThat(jobs.open(experiment)).hasSizeGreaterThan(30);
        assertThat(jobs.dispatched(experiment, JobStatus.PENDING)).hasSizeGreaterThan(30);
        assertThat(jobs.countOpen(experiment, JobStatus.RUNNING)).isPositive();
        assertThat(jobs.nextDraw(experiment)).isGreaterThanOrEqualTo(JOBS);
        assertThat(jobs.toIngest(experiment, succeeded, 5, now, 4)).hasSize(4);
        assertThat(jobs.awaitingIngestion(experiment, succeeded, 5)).isPositive();
    }

    private static String genericPlan(Connection connection, String sql) throws SQLException {
        var parameter = new AtomicInteger();
        String numbered = PLACEHOLDER.matcher(sql).replaceAll(match -> "\\$" + parameter.incrementAndGet());
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("EXPLAIN (GENERIC_PLAN) " + numbered)) {
            var plan = new StringBuilder();
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
            return plan.toString();
        }
    }

    /** How often each large table was read from end to end, by all connections of the pool. */
    private static Map<String, Long> scans() {
        flush();
        Map<String, Long> scans = new TreeMap<>();
        try (Connection connection = search.database.dataSource().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname IN " + LARGE)) {
            while (rows.next()) {
                scans.put(rows.getString(1), rows.getLong(2));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read how often tables were scanned", e);
        }
        return scans;
    }

    /** A connection keeps its statistics for a second; this makes the one that the calls before used tell them. */
    private static void flush() {
        search.execute("SELECT pg_stat_force_next_flush()");
    }
}
