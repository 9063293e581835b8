package io.loreley.store;

import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A database of a test's own on a real PostgreSQL: registered as an instance field, a fresh one each test; as a static
 * field, one for the class. One server serves the whole JVM and ends with it; every database is a copy of one that was
 * migrated once.
 *
 * {@snippet :
 * @RegisterExtension
 * final TestDatabase postgres = new TestDatabase();
 * }
 */
public final class TestDatabase implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private static final AtomicInteger COPIES = new AtomicInteger();

    private boolean ofClass;
    private @Nullable DatabaseUrl url;
    private @Nullable Database database;

    /** Where the database is. */
    public DatabaseUrl url() {
        if (url == null) {
            throw new IllegalStateException("a TestDatabase lives from before a test until after it");
        }
        return url;
    }

    /** The database, opened by the first call, closed after the test. Tests of a class that share it may ask at once. */
    public synchronized Database database() {
        if (database == null) {
            database = Database.open(url());
        }
        return database;
    }

    /** A database without any table. Dropped when the next JVM begins, or by its owner. */
    public static DatabaseUrl empty() {
        return Server.RUNNING.create("template0");
    }

    public static void drop(DatabaseUrl database) {
        Server.RUNNING.drop(database);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ofClass = true;
        create();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!ofClass) {
            create();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!ofClass) {
            drop();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        drop();
    }

    private void create() {
        url = Server.RUNNING.create(Server.TEMPLATE);
    }

    private void drop() {
        if (database != null) {
            database.close();
            database = null;
        }
        if (url != null) {
            Server.RUNNING.drop(url);
            url = null;
        }
    }

    /** The server of this JVM. Not durable: what is in it lives as long as a test. */
    private record Server(DatabaseUrl url) {

        static final String TEMPLATE = "migrated";
        static final Server RUNNING = start();

        private static Server start() {
            ProcessRunner processes = new ProcessRunner();
            var postgres = new EmbeddedPostgres(
                    Path.of("target", "test-postgres"),
                    processes,
                    List.of("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"));
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(postgres::stop));
            Server server = new Server(postgres.open());
            server.dropLeftovers();
            server.execute("DROP DATABASE IF EXISTS " + TEMPLATE + " WITH (FORCE)", "CREATE DATABASE " + TEMPLATE);
            Database.open(server.named(TEMPLATE)).close();
            return server;
        }

        DatabaseUrl create(String template) {
            DatabaseUrl copy =
                    named("test_%d_%d".formatted(ProcessHandle.current().pid(), COPIES.incrementAndGet()));
            execute("CREATE DATABASE %s TEMPLATE %s".formatted(name(copy), template));
            return copy;
        }

        void drop(DatabaseUrl copy) {
            execute("DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(name(copy)));
        }

        /** What a JVM left that was killed, or made without an owner. */
        private void dropLeftovers() {
            List<String> leftovers = new ArrayList<>();
            try (Connection connection = connect();
                    var statement = connection.createStatement();
                    var rows =
                            statement.executeQuery("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'")) {
                while (rows.next()) {
                    leftovers.add("DROP DATABASE %s WITH (FORCE)".formatted(rows.getString(1)));
                }
            } catch (SQLException e) {
                throw new IllegalStateException("the test server at %s refused".formatted(url), e);
            }
            execute(leftovers.toArray(String[]::new));
        }

        private Connection connect() throws SQLException {
            return DriverManager.getConnection(url.jdbc(), url.user(), url.password());
        }

        private DatabaseUrl named(String database) {
            return new DatabaseUrl(
                    url.jdbc().substring(0, url.jdbc().lastIndexOf('/') + 1) + database, url.user(), url.password());
        }

        private static String name(DatabaseUrl url) {
            return url.jdbc().substring(url.jdbc().lastIndexOf('/') + 1);
        }

        private void execute(String... statements) {
            try (Connection connection = connect();
                    var statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            } catch (SQLException e) {
                throw new IllegalStateException("the test server at %s refused".formatted(url), e);
            }
        }
    }
}
