package io.loreley.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import jakarta.data.exceptions.DataException;
import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import javax.sql.DataSource;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.hibernate.Transaction;

/**
 * An open PostgreSQL, migrated: a pool of connections, and transactions on stateless sessions. The mappings of the entities
 * are built when they are first needed, so that a command which only needs {@link #dataSource} does not pay for them. Safe
 * for many threads.
 */
public final class Database implements AutoCloseable {

    static final int POOL_SIZE = 12;

    /** How long a caller waits for a connection: while all are in use, or the server is away. */
    private static final long CONNECT_TIMEOUT_MILLIS = 10_000;

    /**
     * How long a server that says nothing is waited for, in seconds: a host that vanished never answers. More than a statement
     * of a healthy search takes; {@link #unhurried} is for those that take longer.
     */
    private static final String SILENCE = "90";

    /**
     * A process that was stopped within a transaction holds its locks; the server ends the transaction, and then whoever waits
     * for them goes on. Our transactions do not pause.
     */
    private static final String SESSION = "SET idle_in_transaction_session_timeout = '20s'; SET lock_timeout = '60s'";

    private final DatabaseUrl url;
    private final HikariDataSource pool;
    private final Gate gate;
    private final Schema schema;

    private Database(DatabaseUrl url, HikariDataSource pool, Gate gate, Schema schema) {
        this.url = url;
        this.pool = pool;
        this.gate = gate;
        this.schema = schema;
    }

    /** Stands before every transaction, on a session or on a plain connection, and after it. */
    public interface Gate {

        Gate OPEN = connection -> {};

        /** Within the transaction, before its work: what it throws rolls everything back. */
        void enter(Connection connection) throws SQLException;

        /** After the commit. What it throws reaches a caller whose work was done. */
        default void leave() {}
    }

    /** The same database, whose transactions all pass this gate after those of this one. It shares everything else, and is not closed. */
    public Database through(Gate inner) {
        Gate outer = gate;
        return new Database(
                url,
                pool,
                new Gate() {
                    @Override
                    public void enter(Connection connection) throws SQLException {
                        outer.enter(connection);
                        inner.enter(connection);
                    }

                    @Override
                    public void leave() {
                        inner.leave();
                        outer.leave();
                    }
                },
                schema);
    }

    /**
     * Connects, checks the server, and migrates the schema.
     *
     * @throws LoreleyException of kind DATABASE, with nothing changed, if the server cannot be reached, is older than 15,
     *     or holds a schema that is not ours
     */
    public static Database open(DatabaseUrl url) {
        Migrations.run(url);
        HikariDataSource pool = pool(url);
        return new Database(url, pool, Gate.OPEN, new Schema(url, pool));
    }

    private static HikariDataSource pool(DatabaseUrl url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url.jdbc());
        config.setUsername(url.user());
        config.setPassword(url.password());
        config.setPoolName("loreley");
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
        config.addDataSourceProperty("ApplicationName", Migrations.APPLICATION);
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("socketTimeout", SILENCE);
        config.setConnectionInitSql(SESSION);
        try {
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException e) {
            throw new LoreleyException(FailureKind.DATABASE, SqlErrors.cannotConnect(url, e), e);
        }
    }

    /** Has a connection wait for statements that may take long, until it goes back to the pool. */
    static void unhurried(Connection connection) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, 0);
    }

    /** The version of the server, as it says it. */
    public String serverVersion() {
        try (Connection connection = pool.getConnection()) {
            return connection.getMetaData().getDatabaseProductVersion();
        } catch (SQLException e) {
            throw new LoreleyException(FailureKind.DATABASE, SqlErrors.cannotConnect(url, e), e);
        }
    }

    public DataSource dataSource() {
        return pool;
    }

    Gate gate() {
        return gate;
    }

    /** Where it is, without secrets. */
    public DatabaseUrl url() {
        return url;
    }

    /** Begins to build the mappings of the entities in the background, which every database of this process shares. */
    public static CompletableFuture<SessionFactory> warmUp() {
        return Mappings.sessions();
    }

    /**
     * Runs work in one transaction: committed if it returns, rolled back if it throws.
     *
     * @throws LoreleyException of kind DATABASE if the database refused or is gone
     */
    public <T> T transaction(Function<StatelessSession, T> work) {
        return inSession(session -> {
            Transaction transaction = session.beginTransaction();
            try {
                session.doWork(gate::enter);
                T result = work.apply(session);
                transaction.commit();
                gate.leave();
                return result;
            } catch (RuntimeException e) {
                rollBack(transaction, e);
                throw e;
            }
        });
    }

    /**
     * Asks without a transaction: each query sees what was committed when it began, as in one, and nothing is written; a
     * commit would be another message to the server. No gate is passed: only a write can do harm.
     *
     * @throws LoreleyException of kind DATABASE if the database refused or is gone
     */
    public <T> T read(Function<StatelessSession, T> questions) {
        return inSession(questions);
    }

    private <T> T inSession(Function<StatelessSession, T> work) {
        SessionFactory sessions = schema.checked();
        try (Connection connection = pool.getConnection();
                StatelessSession session = sessions.openStatelessSession(connection)) {
            return work.apply(session);
        } catch (SQLException | PersistenceException | DataException e) {
            throw SqlErrors.translate(url, e);
        }
    }

    private static void rollBack(Transaction transaction, RuntimeException cause) {
        try {
            if (transaction.isActive()) {
                transaction.rollback();
            }
        } catch (RuntimeException e) {
            // The connection is gone, and the transaction with it.
            cause.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    /** The schema of a database, looked at before it is first used: somebody may have changed it by hand. */
    private static final class Schema {

        private final DatabaseUrl url;
        private final DataSource pool;
        private volatile boolean isOurs;

        Schema(DatabaseUrl url, DataSource pool) {
            this.url = url;
            this.pool = pool;
        }

        SessionFactory checked() {
            SessionFactory sessions = Mappings.sessions().join();
            if (!isOurs) {
                check(sessions);
            }
            return sessions;
        }

        private synchronized void check(SessionFactory sessions) {
            if (isOurs) {
                return;
            }
            try {
                Mappings.validate(sessions, pool);
            } catch (PersistenceException e) {
                throw SqlErrors.sqlException(e) == null
                        ? new LoreleyException(
                                FailureKind.DATABASE,
                                "the schema of %s is not what this version expects: %s"
                                        .formatted(url, SqlErrors.root(e).getMessage()),
                                e)
                        : SqlErrors.translate(url, e);
            }
            isOurs = true;
        }
    }
}
