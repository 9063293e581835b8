package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.EvolutionJob;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.IslandKey;
import io.loreley.domain.JobId;
import io.loreley.domain.LoreleyException;
import io.loreley.mapelites.Vector;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A database that the Python system created is taken over, whole or not at all. */
@Execution(ExecutionMode.CONCURRENT)
class PythonDatabaseIT {

    private static final ExperimentId EXPERIMENT = new ExperimentId(new UUID(2, 1));

    /** Rows by table, as JSON of the columns that the Python system knows. */
    private static final String COLUMNS = """
            SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY c.relname""";

    @RegisterExtension
    static final TestDatabase FRESH = new TestDatabase();

    private DatabaseUrl url;
    private Map<String, List<String>> before;
    private Map<String, String> columns;

    @BeforeEach
    void create() throws SQLException {
        url = TestDatabase.empty();
        execute(resource("schema.sql"), resource("rows.sql"));
        columns = new TreeMap<>();
        for (List<String> table : rows(url, COLUMNS)) {
            columns.put(table.getFirst(), table.getLast());
        }
        before = allRows();
    }

    @AfterEach
    void drop() {
        TestDatabase.drop(url);
    }

    @Test
    void every_row_goes_over_as_it_was_is_mended_by_a_rule_or_is_set_aside_whole() throws SQLException {
        open();

        Map<String, List<String>> after = allRows();
        List<String> changed = new ArrayList<>();
        List<String> aside = new ArrayList<>();
        for (String table : columns.keySet()) {
            List<String> kept = texts("SELECT row_data::text FROM set_aside WHERE table_name = '%s'".formatted(table));
            List<String> now = after.getOrDefault(table, List.of());
            List<String> then = before.getOrDefault(table, List.of());
            assertThat(now.size() + kept.size()).as(table).isEqualTo(then.size());
            for (String row : then) {
                if (kept.contains(row)) {
                    aside.add(table);
                } else if (!now.contains(row)) {
                    changed.add(table + " "
                            + row.replaceFirst(".*\"id\": \"[0-9-]*?0*([0-9]+)\".*", "$1")
                                    .replaceFirst("\\{.*\"commit_hash\": \"0*([0-9]+)\".*", "$1"));
                }
            }
        }
        assertThat(changed)
                .containsExactlyInAnyOrder(
                        "commit_cards 1",
                        "commit_cards 3",
                        "evolution_jobs 3",
                        "evolution_jobs 9",
                        "evolution_jobs 10",
                        "evolution_jobs 11",
                        "evolution_jobs 12",
                        "experiments 3",
                        "map_elites_pca_history 3",
                        "metrics 2");
        assertThat(aside)
                .containsExactlyInAnyOrder(
                        "commit_chunk_summaries",
                        "map_elites_archive_cells",
                        "map_elites_archive_cells",
                        "map_elites_archive_cells",
                        "map_elites_file_embedding_cache",
                        "map_elites_pca_history",
                        "map_elites_repo_state_aggregates",
                        "map_elites_states",
                        "metrics");
        assertThat(texts("SELECT reason FROM set_aside WHERE table_name = 'map_elites_archive_cells' ORDER BY id"))
                .containsExactly(
                        "its commit sits in another cell of the island",
                        "not a full commit hash",
                        "objective is no finite number");
    }

    @Test
    void jobs_are_in_states_that_this_system_knows() throws SQLException {
        open();

        assertThat(texts("""
                SELECT concat_ws(' ', right(id::text, 2), status, kind, draw, attempt, lost_attempts, failure_kind,
                    to_char(completed_at AT TIME ZONE 'UTC', 'DD HH24:MI'), last_error)
                FROM evolution_jobs ORDER BY id"""))
                .containsExactly(
                        "01 PENDING EVOLVE 0 0 0",
                        "02 QUEUED EVOLVE 1 0 0",
                        "03 QUEUED EVOLVE 2 1 1",
                        "04 SUCCEEDED SEED 3 1 0 05 12:10",
                        "05 FAILED EVOLVE 4 1 0 UNKNOWN 05 12:10 agent: exit 1",
                        "06 CANCELLED EVOLVE 5 0 0 05 12:10",
                        "07 SUCCEEDED EVOLVE 6 1 0 05 12:20",
                        "08 SUCCEEDED EVOLVE 1 0 05 12:10",
                        "09 FAILED EVOLVE 7 1 0 UNKNOWN 05 21:10 the Python system recorded no reason",
                        "10 FAILED EVOLVE 8 1 0 UNKNOWN 05 12:10 succeeded without a commit",
                        "11 SUCCEEDED EVOLVE 9 1 0 05 12:10",
                        "12 CANCELLED EVOLVE 10 0 0 06 00:10");
        assertThat(texts("""
                SELECT concat_ws(' ', ingestion_status, ingestion_attempts, ingestion_delta) FROM evolution_jobs
                WHERE ingestion_status IS NOT NULL ORDER BY id""")).containsExactly("succeeded 1 1.5", "skipped 1 0", "failed 0");
    }

    @Test
    void the_schema_is_the_one_that_a_fresh_database_has() throws SQLException {
        open();
        String everything = """
                SELECT 'column', table_name, column_name, column_default, is_nullable, data_type, character_maximum_length::text
                FROM information_schema.columns WHERE table_schema = 'public'
                UNION ALL SELECT 'rule', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', '' FROM pg_constraint
                    WHERE connamespace = 'public'::regnamespace
                UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '', '' FROM pg_indexes WHERE schemaname = 'public'
                UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, '', '', '', '' FROM pg_trigger WHERE NOT tgisinternal
                UNION ALL SELECT 'migration', version, script, checksum::text, success::text, '', '' FROM flyway_schema_history
                UNION ALL SELECT 'schema', nspname, '', '', '', '', '' FROM pg_namespace WHERE nspname !~ '^pg_'
                ORDER BY 1, 2, 3, 4""";

        assertThat(rows(url, everything)).hasSizeGreaterThan(200).isEqualTo(rows(FRESH.url(), everything));
    }

    @Test
    void the_mappings_fit_and_rows_are_read_through_them() {
        try (Database database = Database.open(url)) {
            Experiment experiment = new Experiments(database).find(EXPERIMENT).orElseThrow();
            assertThat(experiment.configSnapshot())
                    .containsEntry("mapelites_archive_threshold_min", Map.of("__float__", "-inf"));
            assertThat(experiment.name()).isEqualTo("example.org/project-11111111");
            Jobs jobs = new Jobs(
                    database, new JobQueue(EXPERIMENT, new SettableClock(Rows.NOON)), new SettableClock(Rows.NOON));
            EvolutionJob job = jobs.find(new JobId(new UUID(3, 3))).orElseThrow();
            assertThat(job.inspirations()).hasSize(1);
            assertThat(job.spec().constraints()).containsExactly("keep the API");
            assertThat(new Experiments(database)
                            .card(EXPERIMENT, Rows.commit(1))
                            .metrics())
                    .hasSize(1);
        }
    }

    @Test
    void open_jobs_are_worked_on() {
        try (Database database = Database.open(url)) {
            var clock = new SettableClock(Rows.NOON);
            Jobs jobs = new Jobs(database, new JobQueue(EXPERIMENT, clock), clock);

            jobs.repairQueue(EXPERIMENT);
            int dispatched = jobs.dispatch(EXPERIMENT, 10);

            assertThat(dispatched).isEqualTo(1);
            assertThat(List.of(1, 2, 3)).allSatisfy(number -> {
                EvolutionJob claimed = jobs.claim(new JobId(new UUID(3, number)), "worker", "prepare")
                        .orElseThrow();
                assertThat(claimed.attempt()).isEqualTo(number == 3 ? 2 : 1);
            });
            assertThat(texts("SELECT count(*) FROM scheduled_tasks")).containsExactly("3");
            assertThat(jobs.nextDraw(EXPERIMENT)).isEqualTo(11);
        }
    }

    @Test
    void archives_of_both_schemas_are_read() {
        try (Database database = Database.open(url)) {
            var archives = new Archives(database, new SettableClock(Rows.NOON), 4096);

            StoredIsland second = archives.load(new IslandKey(EXPERIMENT, "main"));
            StoredIsland first = archives.load(new IslandKey(new ExperimentId(new UUID(2, 2)), "main"));

            assertThat(second.elites()).extracting(StoredElite::cell).containsExactly(5L);
            assertThat(second.layout()).isNotNull();
            assertThat(second.history())
                    .extracting(row -> row.observation().traits().embedding())
                    .contains(Vector.of(0.1, 0.2, 0.3));
            assertThat(first.elites()).extracting(StoredElite::objective).containsExactly(2.5);
        }
    }

    @Test
    void opening_it_again_changes_nothing() throws SQLException {
        open();
        Map<String, List<String>> first = allRows();

        open();

        assertThat(allRows()).isEqualTo(first);
    }

    @Test
    void of_two_that_open_it_at_once_one_takes_it_over() throws Exception {
        Callable<Boolean> opener = () -> {
            open();
            return true;
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var opened : threads.invokeAll(List.of(opener, opener, opener))) {
                assertThat(opened.get()).isTrue();
            }
        }
        assertThat(texts("SELECT count(*) FROM set_aside")).containsExactly("9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE evolution_jobs SET sampling_radius_used = -1 WHERE status = 'CANCELLED' | evolution_jobs_sampling_radius_used_check",
                "UPDATE evolution_jobs SET ingestion_status = 'odd' WHERE status = 'SUCCEEDED'  | evolution_jobs_ingestion_status_check",
                "UPDATE repositories SET slug = ''                                              | repositories_slug_check",
                "UPDATE experiments SET config_snapshot = '[]'                                  | experiments_config_snapshot_check",
                "UPDATE commit_cards SET commit_hash = 'abc' WHERE job_id IS NULL               | commit_hash of row 00000000-0000-0004-0000-000000000001 of commit_cards is 'abc'",
                "UPDATE evolution_jobs SET base_commit_hash = 'HEAD' WHERE status = 'PENDING'   | base_commit_hash of row 00000000-0000-0003-0000-000000000001 of evolution_jobs is 'HEAD'",
            })
    void a_row_that_has_no_rule_ends_it_with_its_name_and_leaves_everything(String change, String message)
            throws SQLException {
        execute(change);
        before = allRows();

        assertRefused(message);
    }

    @Test
    void a_schema_that_differs_is_refused_with_all_differences_and_left_alone() throws SQLException {
        execute(
                "ALTER TABLE metrics DROP COLUMN unit",
                "ALTER TABLE metrics ADD COLUMN error FLOAT",
                "ALTER TABLE evolution_jobs ALTER COLUMN goal TYPE TEXT",
                "ALTER TABLE experiments ALTER COLUMN repository_id DROP NOT NULL",
                "DROP TABLE commit_chunk_summaries",
                "CREATE TABLE invoices (n INT)",
                "ALTER TYPE job_status ADD VALUE 'PAUSED'");
        columns.keySet().remove("commit_chunk_summaries");
        columns.put("metrics", "id");
        before = allRows();

        assertRefused("""
                differs from what that system creates:
                  table commit_chunk_summaries is missing
                  column experiments.repository_id is uuid, nullable, instead of uuid, not null,
                  column evolution_jobs.goal is text, nullable, instead of character varying(512), nullable,
                  column metrics.unit is missing
                  table invoices is not of that system
                  column metrics.error is not of that system
                  the type job_status has the values [PENDING, QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED, PAUSED]""");
    }

    @Test
    void a_database_that_the_python_scheduler_works_on_is_left_alone() throws SQLException {
        try (Connection connection = connect(url);
                var statement = connection.createStatement()) {
            statement.execute("SELECT pg_try_advisory_lock(%d)".formatted(ExperimentLock.key(EXPERIMENT)));

            assertRefused("experiment %s of %s is being run by the Python Loreley".formatted(EXPERIMENT, url));
        }
    }

    @Test
    void a_user_that_may_not_create_a_schema_is_told_so() throws SQLException {
        execute(
                "DROP ROLE IF EXISTS guest",
                "CREATE ROLE guest LOGIN PASSWORD 'guest'",
                "GRANT ALL ON ALL TABLES IN SCHEMA public TO guest");
        DatabaseUrl owner = url;
        url = new DatabaseUrl(owner.jdbc(), "guest", "guest");
        try {
            assertThatThrownBy(this::open)
                    .isInstanceOf(LoreleyException.class)
                    .hasMessageContaining("may not create a schema");
        } finally {
            url = owner;
            execute("DROP OWNED BY guest", "DROP ROLE guest");
        }
        assertThat(allRows()).isEqualTo(before);
    }

    private void assertRefused(String message) throws SQLException {
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATABASE))
                .hasMessageContaining(message)
                .hasMessageContaining("left untouched");
        assertThat(allRows()).isEqualTo(before);
        assertThat(texts("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'loreley%'"))
                .isEmpty();
    }

    private void open() {
        Database.open(url).close();
    }

    private Map<String, List<String>> allRows() throws SQLException {
        Map<String, List<String>> found = new TreeMap<>();
        for (var table : columns.entrySet()) {
            found.put(
                    table.getKey(),
                    texts("SELECT to_jsonb(t)::text FROM (SELECT %s FROM %s) t ORDER BY 1"
                            .formatted(table.getValue(), table.getKey())));
        }
        return found;
    }

    private List<String> texts(String query) {
        try {
            return rows(url, query).stream().map(List::getFirst).toList();
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    private static List<List<String>> rows(DatabaseUrl url, String query) throws SQLException {
        try (Connection connection = connect(url);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            List<List<String>> found = new ArrayList<>();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    row.add(String.valueOf(rows.getString(column)));
                }
                found.add(row);
            }
            return found;
        }
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = connect(url);
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static Connection connect(DatabaseUrl url) throws SQLException {
        return DriverManager.getConnection(url.jdbc(), url.user(), url.password());
    }

    private static String resource(String name) {
        try (InputStream in = PythonDatabaseIT.class.getResourceAsStream("/python/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
