package io.loreley.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.loreley.domain.CommitCard;
import io.loreley.domain.CommitChunkSummary;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.Experiment;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobArtifacts;
import io.loreley.domain.JobStage;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.MapElitesArchiveCell;
import io.loreley.domain.MapElitesFileEmbeddingCache;
import io.loreley.domain.MapElitesPcaHistory;
import io.loreley.domain.MapElitesRepoStateAggregate;
import io.loreley.domain.MapElitesState;
import io.loreley.domain.Metric;
import io.loreley.domain.Repository;
import jakarta.data.exceptions.DataException;
import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import javax.sql.DataSource;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.hibernate.Transaction;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.hibernate.tool.schema.Action;
import org.jspecify.annotations.Nullable;

/**
 * An open PostgreSQL, migrated: a pool of connections, and transactions on stateless sessions. The session factory is
 * built when it is first needed, so that a command which only needs {@link #dataSource} does not pay for it. Safe for many
 * threads.
 */
public final class Database implements AutoCloseable {

    private static final int POOL_SIZE = 12;
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

    private static final List<Class<?>> ENTITIES = List.of(
            Repository.class,
            Experiment.class,
            EvolutionJob.class,
            JobArtifacts.class,
            JobStage.class,
            CommitCard.class,
            Metric.class,
            CommitChunkSummary.class,
            MapElitesState.class,
            MapElitesArchiveCell.class,
            MapElitesPcaHistory.class,
            MapElitesFileEmbeddingCache.class,
            MapElitesRepoStateAggregate.class);

    private final DatabaseUrl url;
    private final HikariDataSource pool;
    private final Gate gate;
    private final Sessions sessions;

    private Database(DatabaseUrl url, HikariDataSource pool, Gate gate, Sessions sessions) {
        this.url = url;
        this.pool = pool;
        this.gate = gate;
        this.sessions = sessions;
    }

    /** Stands before every transaction, and after it. */
    public interface Gate {

        Gate OPEN = session -> {};

        /** Within the transaction, before its work: what it throws rolls everything back. */
        void enter(StatelessSession session);

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
                    public void enter(StatelessSession session) {
                        outer.enter(session);
                        inner.enter(session);
                    }

                    @Override
                    public void leave() {
                        inner.leave();
                        outer.leave();
                    }
                },
                sessions);
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
        return new Database(url, pool, Gate.OPEN, new Sessions(pool));
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

    private static SessionFactory factory(DataSource dataSource) {
        return mappings()
                .property(AvailableSettings.JAKARTA_NON_JTA_DATASOURCE, dataSource)
                .schemaToolingAction(Action.VALIDATE)
                .createEntityManagerFactory();
    }

    /** Builds a session factory without a database and throws it away: for caches of loaded classes. */
    public static void buildMappings() {
        mappings()
                .property("hibernate.boot.allow_jdbc_metadata_access", false)
                .property(AvailableSettings.JAKARTA_HBM2DDL_DB_NAME, "PostgreSQL")
                .createEntityManagerFactory()
                .close();
    }

    private static HibernatePersistenceConfiguration mappings() {
        var configuration =
                new HibernatePersistenceConfiguration("loreley").property(AvailableSettings.JDBC_TIME_ZONE, "UTC");
        ENTITIES.forEach(configuration::managedClass);
        return configuration;
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

    /** Where it is, without secrets. */
    public DatabaseUrl url() {
        return url;
    }

    /** Begins to build the session factory in the background, if nobody has. */
    public CompletableFuture<SessionFactory> warmUp() {
        return sessions.begin();
    }

    /**
     * Runs work in one transaction: committed if it returns, rolled back if it throws.
     *
     * @throws LoreleyException of kind DATABASE if the database refused or is gone
     */
    public <T> T transaction(Function<StatelessSession, T> work) {
        try (StatelessSession session = sessions().openStatelessSession()) {
            Transaction transaction = session.beginTransaction();
            try {
                gate.enter(session);
                T result = work.apply(session);
                transaction.commit();
                gate.leave();
                return result;
            } catch (RuntimeException e) {
                rollBack(transaction, e);
                throw e;
            }
        } catch (PersistenceException | DataException e) {
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

    private SessionFactory sessions() {
        try {
            return warmUp().join();
        } catch (CompletionException e) {
            throw new LoreleyException(
                    FailureKind.DATABASE,
                    SqlErrors.sqlException(e) == null
                            ? "the schema of %s is not what this version expects: %s"
                                    .formatted(url, SqlErrors.root(e).getMessage())
                            : SqlErrors.explain(url, e),
                    e);
        }
    }

    @Override
    public void close() {
        sessions.close();
        pool.close();
    }

    /** The session factory of a pool, built once, when it is first asked for. */
    private static final class Sessions {

        private final HikariDataSource pool;
        private @Nullable CompletableFuture<SessionFactory> known;

        Sessions(HikariDataSource pool) {
            this.pool = pool;
        }

        synchronized CompletableFuture<SessionFactory> begin() {
            CompletableFuture<SessionFactory> begun = known;
            if (begun == null) {
                begun = CompletableFuture.supplyAsync(
                        () -> factory(pool),
                        task -> Thread.ofPlatform()
                                .name("session-factory")
                                .daemon()
                                .start(task));
                known = begun;
            }
            return begun;
        }

        synchronized void close() {
            CompletableFuture<SessionFactory> begun = known;
            if (begun != null) {
                begun.handle((factory, failure) -> factory)
                        .thenAccept(factory -> {
                            if (factory != null) {
                                factory.close();
                            }
                        })
                        .join();
            }
        }
    }
}
