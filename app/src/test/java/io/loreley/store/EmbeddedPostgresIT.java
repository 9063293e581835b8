package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.Captured;
import io.loreley.process.Limits;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One server, as durable as a user's, in a folder that is new for this class. */
class EmbeddedPostgresIT {

    @TempDir
    static Path home;

    private static final ProcessRunner PROCESSES = new ProcessRunner();

    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() {
        postgres = new EmbeddedPostgres(home, PROCESSES);
        postgres.open();
    }

    @AfterAll
    static void stop() {
        postgres.stop();
        assertThat(postgres.isRunning()).isFalse();
        assertThat(new PostgresBinaries(home.resolve("postgres")).areRunning()).isFalse();
        PROCESSES.close();
    }

    @Test
    void a_second_opener_attaches_to_the_first_ones_server() {
        assertThat(new EmbeddedPostgres(home, PROCESSES).open()).isEqualTo(postgres.open());
    }

    @Test
    void concurrent_openers_of_a_stopped_server_share_one() throws Exception {
        postgres.stop();
        Callable<DatabaseUrl> open = () -> new EmbeddedPostgres(home, PROCESSES).open();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<DatabaseUrl>> urls = threads.invokeAll(List.of(open, open, open));

            assertThat(urls).extracting(EmbeddedPostgresIT::value).containsOnly(postgres.open());
        }
    }

    @Test
    void what_was_committed_survives_the_death_of_the_server() throws Exception {
        DatabaseUrl before = postgres.open();
        execute(before, "CREATE TABLE IF NOT EXISTS kept (n int)", "INSERT INTO kept VALUES (1)");
        try (Connection idle = connect(before)) {
            kill();
            assertThat(postgres.isRunning()).isFalse();

            DatabaseUrl after = postgres.open();

            assertThat(after).as("the port is kept").isEqualTo(before);
            execute(after, "INSERT INTO kept SELECT n + 1 FROM kept");
            assertThat(idle.isValid(1)).isFalse();
        }
    }

    @Test
    void a_database_that_fails_over_to_the_second_host_is_found_there() throws Exception {
        DatabaseUrl before = postgres.open();
        Path port = home.resolve("postgres/port");
        Socket standby = reserved();
        int second = standby.getLocalPort();
        DatabaseUrl both = DatabaseUrl.parse("postgresql://%s:%s@127.0.0.1:%s,127.0.0.1:%d/loreley"
                .formatted(before.user(), before.password(), Files.readString(port), second));
        try (Database database = Database.open(both)) {
            String written;
            try (standby) {
                written = ask(database, "SELECT pg_current_wal_lsn()");
                kill();
                assertThatThrownBy(() -> ask(database, "SELECT 1")).isInstanceOf(DatabaseUnavailableException.class);
                Files.writeString(port, Integer.toString(second));
            }
            assertThat(postgres.open().jdbc()).contains(":" + second);

            assertThat(ask(database, "SELECT pg_current_wal_lsn() >= '%s'".formatted(written)))
                    .isEqualTo("true");
        }
    }

    /** A port that refuses connections and that nobody else is given while this socket is open. */
    private static Socket reserved() throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return socket;
    }

    private static String ask(Database database, String query) {
        return database.transaction(
                session -> session.createNativeQuery("SELECT (%s)::text".formatted(query), String.class)
                        .getSingleResult());
    }

    @Test
    void a_pid_file_that_names_another_program_is_none() throws IOException {
        postgres.open();
        postgres.stop();
        Files.writeString(
                home.resolve("postgres/data-18/postmaster.pid"),
                "%d%n/data%n1%n5432%n%n127.0.0.1%n1 1%nready%n"
                        .formatted(ProcessHandle.current().pid()));

        assertThat(postgres.isRunning()).isFalse();
        assertThat(postgres.open()).isNotNull();
        assertThat(postgres.isRunning()).isTrue();
    }

    @Test
    void stopping_a_stopped_server_changes_nothing() {
        postgres.stop();
        postgres.stop();

        assertThat(postgres.isRunning()).isFalse();
    }

    @Test
    void a_wrong_password_is_refused() {
        DatabaseUrl url = postgres.open();

        assertThatThrownBy(() -> Database.open(new DatabaseUrl(url.jdbc(), url.user(), "guessed")))
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining("password authentication failed")
                .hasMessageContaining("User or password is wrong")
                .hasMessageNotContaining("guessed");
    }

    @Test
    void the_server_listens_on_loopback_and_its_password_is_the_owners_alone() throws Exception {
        DatabaseUrl url = postgres.open();

        assertThat(url.jdbc()).startsWith("jdbc:postgresql://127.0.0.1:");
        assertThat(value(url, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(value(url, "SHOW unix_socket_directories")).isEmpty();
        assertThat(value(url, "SHOW fsync")).isEqualTo("on");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("postgres/password"))))
                .isEqualTo("rw-------");
    }

    @Test
    void a_data_folder_of_another_major_version_is_left_alone(@TempDir Path other) throws IOException {
        Path data = Files.createDirectories(other.resolve("postgres/data-18"));
        Files.writeString(data.resolve("PG_VERSION"), "17\n");

        assertThatThrownBy(() -> new EmbeddedPostgres(other, PROCESSES).open())
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining("was made by PostgreSQL 17");
        assertThat(data).isDirectoryContaining(path -> path.endsWith("PG_VERSION"));
    }

    @Test
    void a_folder_of_an_older_major_version_is_not_passed_over(@TempDir Path other) throws IOException {
        Files.createDirectories(other.resolve("postgres/data-17"));

        assertThatThrownBy(() -> new EmbeddedPostgres(other, PROCESSES).open())
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining("another major version");
        assertThat(other.resolve("postgres/data-18")).doesNotExist();
    }

    @Test
    void a_folder_that_cannot_be_used_is_named(@TempDir Path other) throws IOException {
        Path file = Files.writeString(other.resolve("file"), "");

        assertThatThrownBy(() -> new EmbeddedPostgres(file, PROCESSES).open())
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.STORAGE))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("LORELEY_HOME");
    }

    @Test
    void a_server_of_another_container_is_left_alone() throws Exception {
        DatabaseUrl url = postgres.open();
        execute(url, "CREATE TABLE IF NOT EXISTS elsewhere (n int)", "INSERT INTO elsewhere VALUES (1)");

        Captured refused = elsewhere("open");
        Captured notStopped = elsewhere("stop");

        assertThat(List.of(refused.text(), notStopped.text()))
                .as(refused.describe() + notStopped.describe())
                .allSatisfy(said -> assertThat(said)
                        .startsWith("CONFIGURATION")
                        .contains("runs already, in another container or on another machine, started on host ")
                        .contains("DATABASE_URL"));
        assertThat(home.resolve("postgres/data-18/postmaster.pid")).exists();
        assertThat(postgres.isRunning()).isTrue();
        execute(url, "INSERT INTO elsewhere VALUES (2)", "CHECKPOINT");
        kill();
        assertThat(value(postgres.open(), "SELECT sum(n) FROM elsewhere")).isEqualTo("3");
    }

    @Test
    void a_server_that_died_with_its_container_is_started_again_without_a_question() throws Exception {
        postgres.open();
        postgres.stop();

        Captured started = elsewhere("open");

        assertThat(started.text()).as(started.describe()).startsWith("jdbc:postgresql://127.0.0.1:");
        assertThat(home.resolve("postgres/data-18/postmaster.pid")).exists();
        assertThat(postgres.isRunning()).isFalse();
        assertThat(value(postgres.open(), "SELECT 1")).isEqualTo("1");
    }

    @Test
    void what_was_started_without_a_lock_and_may_live_elsewhere_is_asked_about() throws Exception {
        postgres.open();
        postgres.stop();
        Path data = home.resolve("postgres/data-18");
        Path left = Files.writeString(data.resolve("postmaster.pid"), "%d%n".formatted(Integer.MAX_VALUE));
        Files.writeString(data.resolve("postmaster.opts"), "postgres \"-D\" \"%s\"".formatted(data));

        assertThatThrownBy(postgres::open)
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContaining(left.toString())
                .hasMessageContaining("remove that file");
        assertThat(left).exists();

        Files.delete(left);
        assertThat(value(postgres.open(), "SELECT 1")).isEqualTo("1");
    }

    /** Does something where no process of ours can be seen, and answers what was said; nothing lives there afterwards. */
    private static Captured elsewhere(String what) {
        List<String> container = List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--pid",
                "--fork",
                "--kill-child",
                "--ipc",
                "--net",
                "--mount-proc");
        assumeThat(ask(container, "true").success())
                .as("namespaces are allowed here")
                .isTrue();
        return ask(
                container,
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Elsewhere.class.getName(),
                home.toString(),
                what);
    }

    private static Captured ask(List<String> container, String... command) {
        List<String> line = new ArrayList<>(container);
        line.addAll(List.of(command));
        return PROCESSES.answer(
                line, Path.of("").toAbsolutePath(), System.getenv(), null, new Limits(Duration.ofMinutes(1), 1 << 20));
    }

    /** A process of another container. */
    static final class Elsewhere {

        private Elsewhere() {}

        public static void main(String[] arguments) {
            try (ProcessRunner processes = new ProcessRunner()) {
                EmbeddedPostgres here = new EmbeddedPostgres(Path.of(arguments[0]), processes);
                if (arguments[1].equals("stop")) {
                    here.stop();
                } else {
                    System.out.println(here.open().jdbc());
                }
            } catch (LoreleyException e) {
                System.out.println(e.kind() + " " + e.getMessage());
            }
        }
    }

    private static void kill() throws IOException, InterruptedException, ExecutionException {
        List<String> lines = Files.readAllLines(home.resolve("postgres/data-18/postmaster.pid"));
        ProcessHandle postmaster =
                ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).orElseThrow();
        postmaster.destroyForcibly();
        postmaster.onExit().orTimeout(10, TimeUnit.SECONDS).get();
    }

    private static Connection connect(DatabaseUrl url) throws SQLException {
        return DriverManager.getConnection(url.jdbc(), url.user(), url.password());
    }

    private static void execute(DatabaseUrl url, String... statements) throws SQLException {
        try (Connection connection = connect(url);
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String value(DatabaseUrl url, String query) throws SQLException {
        try (Connection connection = connect(url);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return Objects.requireNonNull(rows.getString(1));
        }
    }

    private static DatabaseUrl value(Future<DatabaseUrl> future) {
        return future.resultNow();
    }
}
