package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening a database, and what its transactions promise. */
@Execution(ExecutionMode.CONCURRENT)
class DatabaseIT {

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    @Test
    void a_transaction_commits_what_it_wrote() {
        Database database = postgres.database();

        database.transaction(session -> session.insert(Rows.repository(1)));

        assertThat(repositories(database)).isEqualTo(1);
    }

    @Test
    void a_transaction_that_throws_leaves_nothing_and_throws_the_same() {
        Database database = postgres.database();
        var thrown = new IllegalStateException("stop");

        assertThatThrownBy(() -> database.transaction(session -> {
                    session.insert(Rows.repository(1));
                    throw thrown;
                }))
                .isSameAs(thrown);
        assertThat(repositories(database)).isZero();
    }

    /** Not a refusal, for which a job would fail: it may be tried again. */
    @Test
    void who_is_told_to_stop_while_waiting_for_a_connection_finds_the_database_away() throws Exception {
        Database database = postgres.database();
        database.read(session -> 0);
        List<Connection> all = new ArrayList<>();
        try {
            for (int i = 0; i < Database.POOL_SIZE; i++) {
                all.add(database.dataSource().getConnection());
            }
            var failure = new CompletableFuture<Throwable>();
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    database.read(session -> 0);
                    failure.completeExceptionally(new AssertionError("there was a connection"));
                } catch (RuntimeException e) {
                    failure.complete(e);
                }
            });
            waiting.interrupt();

            assertThat(failure.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(DatabaseUnavailableException.class)
                    .hasMessage("told to stop while waiting for a connection to " + postgres.url());
        } finally {
            for (Connection connection : all) {
                connection.close();
            }
        }
    }

    @Test
    void a_process_whose_connections_are_all_in_use_says_so() throws Exception {
        Database database = postgres.database();
        List<Connection> all = new ArrayList<>();
        try {
            for (int i = 0; i < Database.POOL_SIZE; i++) {
                all.add(database.dataSource().getConnection());
            }

            assertThatThrownBy(() -> database.read(session -> 0))
                    .isInstanceOf(DatabaseUnavailableException.class)
                    .hasMessageStartingWith("all 12 connections of this process to %s are in use", postgres.url());
        } finally {
            for (Connection connection : all) {
                connection.close();
            }
        }
    }

    @Test
    void a_connection_lost_in_the_middle_leaves_nothing_and_the_next_transaction_works() {
        Database database = postgres.database();

        assertThatThrownBy(() -> database.transaction(session -> {
                    session.insert(Rows.repository(1));
                    session.createNativeQuery("SELECT pg_terminate_backend(pg_backend_pid())", Boolean.class)
                            .getSingleResult();
                    return session.insert(Rows.repository(2));
                }))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATABASE))
                .hasMessageContaining("the connection to " + postgres.url() + " was lost");
        assertThat(repositories(database)).isZero();
    }

    @Test
    void what_is_stored_twice_is_refused_with_its_rule_and_key() {
        Database database = postgres.database();
        database.transaction(session -> session.insert(Rows.repository(1)));

        assertThatThrownBy(() -> database.transaction(session -> session.insert(Rows.repository(1))))
                .isInstanceOf(LoreleyException.class)
                .hasMessageMatching("the database refused a row of repositories, because of its rule \\w+: Key .*");
    }

    @Test
    void the_queue_can_join_a_transaction() {
        Database database = postgres.database();

        assertThatThrownBy(() -> database.transaction(session -> {
                    session.insert(Rows.repository(1));
                    session.doWork(connection -> {
                        try (var borrowed = new BorrowedConnection(connection).getConnection();
                                var statement = borrowed.createStatement()) {
                            statement.execute("INSERT INTO repositories (id, slug)"
                                    + " VALUES ('00000000-0000-0000-0000-000000000009', 'joined')");
                        }
                    });
                    assertThat(repositories(session)).isEqualTo(2);
                    throw new IllegalStateException("stop");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(repositories(database)).isZero();
    }

    @Test
    void an_empty_database_is_migrated_once_by_concurrent_openers() throws Exception {
        DatabaseUrl empty = TestDatabase.empty();
        Callable<Long> open = () -> {
            try (Database database = Database.open(empty)) {
                return repositories(database);
            }
        };

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Long> opened : threads.invokeAll(List.of(open, open, open))) {
                assertThat(opened.get()).isZero();
            }
        }
    }

    @Test
    void a_database_of_somebody_else_is_left_untouched() throws SQLException {
        DatabaseUrl foreign = TestDatabase.empty();
        execute(foreign, "CREATE TABLE invoices (n int)");

        assertRefused(foreign, "holds tables that Loreley did not make (invoices)");
        assertThat(tables(foreign)).isEqualTo("invoices");
    }

    @Test
    void a_database_of_a_newer_version_is_left_untouched() throws SQLException {
        execute(
                postgres.url(),
                "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, installed_by,"
                        + " execution_time, success) VALUES (1000, '1000', 'later', 'SQL', 'V1000__later.sql', 'x', 0, true)");

        assertRefused(postgres.url(), "was migrated by a newer Loreley, to schema version 1000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"14.11 (Debian 14.11-1.pgdg120+2)", "9.6.24", "14", "", "unknown"})
    void a_server_older_than_15_or_of_no_known_version_is_refused(String version) {
        assertThatThrownBy(() -> Migrations.requireVersion(version, postgres.url()))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATABASE))
                .hasMessageContaining("is PostgreSQL %s; Loreley needs 15 or newer".formatted(version))
                .hasMessageContaining("DATABASE_URL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"15.0", "18.6", "16.3 (Ubuntu 16.3-0ubuntu0.24.04.1)", "19beta1", "100"})
    void a_server_of_15_or_newer_is_taken(String version) {
        assertThatCode(() -> Migrations.requireVersion(version, postgres.url())).doesNotThrowAnyException();
    }

    @Test
    void a_schema_that_was_changed_by_hand_is_refused() throws SQLException {
        execute(postgres.url(), "ALTER TABLE commit_cards DROP COLUMN highlights");

        try (Database database = Database.open(postgres.url())) {
            assertThatThrownBy(() -> repositories(database))
                    .isInstanceOf(LoreleyException.class)
                    .hasMessageContaining("is not what this version expects")
                    .hasMessageContaining("highlights");
        }
    }

    @Test
    void a_database_that_does_not_exist_is_named() {
        DatabaseUrl url = postgres.url();

        assertRefused(
                new DatabaseUrl(url.jdbc().replaceFirst("/[^/]+$", "/nowhere"), url.user(), url.password()),
                "The database does not exist");
    }

    @Test
    void a_server_that_does_not_answer_is_named() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertRefused(
                DatabaseUrl.parse("postgresql://ann:hidden@127.0.0.1:%d/x".formatted(port)),
                "cannot connect to postgresql://127.0.0.1:%d/x".formatted(port));
    }

    @Test
    void a_connection_that_breaks_within_a_transaction_is_told_as_lost() {
        assertThatThrownBy(() -> Sql.transaction(
                        postgres.database(),
                        connection -> Sql.exists(connection, "SELECT pg_terminate_backend(pg_backend_pid())")))
                .isInstanceOf(DatabaseUnavailableException.class)
                .hasMessageContaining("was lost");
    }

    @ParameterizedTest
    @ValueSource(strings = {"40P01", "40001", "53100", "55P03", "25P03", "57P01"})
    void what_may_succeed_in_a_while_says_so(String state) {
        assertThatThrownBy(() -> fail(state)).isInstanceOf(DatabaseUnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "22001", "42601"})
    void what_would_be_refused_again_does_not(String state) {
        assertThatThrownBy(() -> fail(state))
                .isInstanceOf(LoreleyException.class)
                .isNotInstanceOf(DatabaseUnavailableException.class);
    }

    private void fail(String state) {
        postgres.database().transaction(session -> {
            session.doWork(connection -> Sql.update(
                    connection, "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '%s'; END $$".formatted(state)));
            return null;
        });
    }

    @Test
    void who_stops_within_a_transaction_or_waits_for_a_lock_does_not_do_so_for_ever() {
        List<String> limits = Sql.transaction(
                postgres.database(),
                connection -> Sql.texts(
                        connection,
                        "SELECT name || ' ' || setting FROM pg_settings WHERE name IN"
                                + " ('idle_in_transaction_session_timeout', 'lock_timeout') ORDER BY name"));
        assertThat(limits).containsExactly("idle_in_transaction_session_timeout 20000", "lock_timeout 60000");
    }

    @Test
    void the_newest_migration_is_the_one_that_openers_look_for() throws IOException {
        try (var files = Files.list(Path.of("src/main/resources/db/migration"))) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
                            .max())
                    .hasValue(Migrations.NEWEST);
        }
    }

    private static void assertRefused(DatabaseUrl url, String message) {
        assertThatThrownBy(() -> Database.open(url).close())
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATABASE))
                .hasMessageContaining(message)
                .hasMessageNotContaining("hidden");
    }

    private static long repositories(Database database) {
        return database.transaction(DatabaseIT::repositories);
    }

    private static long repositories(org.hibernate.StatelessSession session) {
        return session.createSelectionQuery("select count(r) from Repository r", Long.class)
                .getSingleResult();
    }

    private static void execute(DatabaseUrl url, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url.jdbc(), url.user(), url.password());
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String tables(DatabaseUrl url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url.jdbc(), url.user(), url.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'")) {
            rows.next();
            return rows.getString(1);
        }
    }
}
