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
    private @Nullable CompletableFuture<SessionFactory> sessions;

    private Database(DatabaseUrl url, HikariDataSource pool) {
        this.url = url;
        this.pool = pool;
    }

    /**
     * Connects, checks the server, and migrates the schema.
     *
     * @throws LoreleyException of kind DATABASE, with nothing changed, if the server cannot be reached, is older than 15,
     *     or holds a schema that is not ours
     */
    public static Database open(DatabaseUrl url) {
        Migrations.run(url);
        return new Database(url, pool(url));
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
        try {
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException e) {
            throw new LoreleyException(FailureKind.DATABASE, SqlErrors.cannotConnect(url, e), e);
        }
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
    public synchronized CompletableFuture<SessionFactory> warmUp() {
        CompletableFuture<SessionFactory> known = sessions;
        if (known == null) {
            known = CompletableFuture.supplyAsync(
                    () -> factory(pool),
                    task -> Thread.ofPlatform().name("session-factory").daemon().start(task));
            sessions = known;
        }
        return known;
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
                T result = work.apply(session);
                transaction.commit();
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
            transaction.rollback();
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
    public synchronized void close() {
        CompletableFuture<SessionFactory> known = sessions;
        if (known != null) {
            known.handle((factory, failure) -> factory)
                    .thenAccept(factory -> {
                        if (factory != null) {
                            factory.close();
                        }
                    })
                    .join();
        }
        pool.close();
    }
}
