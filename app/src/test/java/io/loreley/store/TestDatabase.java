package io.loreley.store;

import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A database of a test's own on a real PostgreSQL: registered as an instance field, an empty one each test; as a static
 * field, one for the class. One server serves the whole JVM and ends with it; every database is a copy of one that was
 * migrated once. A copy that a test left with the schema as it was, and with nobody at work in it, is emptied and serves
 * another test: to copy one and to connect to it takes a third of a second.
 *
 * {@snippet :
 * @RegisterExtension
 * final TestDatabase postgres = new TestDatabase();
 * }
 */
public final class TestDatabase implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private static final AtomicInteger COPIES = new AtomicInteger();

    private final boolean usedAgain;
    private boolean ofClass;
    private @Nullable TestCopy copy;

    public TestDatabase() {
        this(true);
    }

    private TestDatabase(boolean usedAgain) {
        this.usedAgain = usedAgain;
    }

    /** For tests of what asks whether anybody is connected: a new copy each time, to which nobody is. */
    public static TestDatabase unconnected() {
        return new TestDatabase(false);
    }

    /** Where the database is. */
    public DatabaseUrl url() {
        return copy().url();
    }

    /** The database, open, for this test. Tests of a class that share it may ask at once. */
    public Database database() {
        return copy().database();
    }

    private TestCopy copy() {
        if (copy == null) {
            throw new IllegalStateException("a TestDatabase lives from before a test until after it");
        }
        return copy;
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
        copy = isUsedAgain() ? Ahead.take() : Ahead.make();
    }

    private boolean isUsedAgain() {
        return usedAgain && !ofClass;
    }

    private void drop() {
        TestCopy used = copy;
        copy = null;
        if (used != null) {
            Ahead.giveBack(used, isUsedAgain());
        }
    }

    /** Makes copies before they are asked for, and empties or drops them afterwards, while tests run. */
    private static final class Ahead {

        private static final int COPIES_READY = 2;

        private static final ExecutorService BESIDE = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("test-databases").daemon().factory());
        private static final Queue<Future<TestCopy>> READY = new ConcurrentLinkedQueue<>();

        static TestCopy make() {
            return new TestCopy(Server.RUNNING.create(Server.TEMPLATE));
        }

        static TestCopy take() {
            while (READY.size() <= COPIES_READY) {
                READY.add(BESIDE.submit(Ahead::make));
            }
            Future<TestCopy> next = READY.poll();
            try {
                return next == null ? make() : next.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted before a database was made", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a database cannot be made", e.getCause());
            }
        }

        static void giveBack(TestCopy used, boolean again) {
            var _ = BESIDE.submit(() -> {
                if (again && used.isEmptied(Server.RUNNING.schema)) {
                    READY.add(CompletableFuture.completedFuture(used));
                } else {
                    used.close();
                    Server.RUNNING.drop(used.url());
                }
            });
        }
    }

    /** The server of this JVM. Not durable: what is in it lives as long as a test. */
    private static final class Server {

        static final String TEMPLATE = "migrated";
        static final Server RUNNING = start();

        private final DatabaseUrl url;
        private String schema = "";

        private Server(DatabaseUrl url) {
            this.url = url;
        }

        private static Server start() {
            ProcessRunner processes = new ProcessRunner();
            var postgres = new EmbeddedPostgres(
                    Path.of("target", "test-postgres"),
                    processes,
                    List.of("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"));
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(postgres::stop));
            Server server = new Server(postgres.open());
            server.hurryLogins();
            server.dropLeftovers();
            server.execute("DROP DATABASE IF EXISTS " + TEMPLATE + " WITH (FORCE)", "CREATE DATABASE " + TEMPLATE);
            try (Database template = Database.open(server.named(TEMPLATE))) {
                server.schema = TestCopy.schema(template);
            }
            return server;
        }

        DatabaseUrl create(String template) {
            DatabaseUrl copy =
                    named("test_%d_%d".formatted(ProcessHandle.current().pid(), COPIES.incrementAndGet()));
            execute("CREATE DATABASE %s TEMPLATE %s STRATEGY FILE_COPY".formatted(name(copy), template));
            return copy;
        }

        void drop(DatabaseUrl copy) {
            execute("DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(name(copy)));
        }

        /** Thousands of rounds of hashing for each of thousands of connections keep nobody out of a test. */
        private void hurryLogins() {
            execute("SET scram_iterations = 1", "ALTER ROLE %s PASSWORD '%s'".formatted(url.user(), url.password()));
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
