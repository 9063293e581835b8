package io.loreley.store;

import io.loreley.domain.CommitCard;
import io.loreley.domain.CommitChunkSummary;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.Experiment;
import io.loreley.domain.JobArtifacts;
import io.loreley.domain.JobStage;
import io.loreley.domain.MapElitesArchiveCell;
import io.loreley.domain.MapElitesFileEmbeddingCache;
import io.loreley.domain.MapElitesPcaHistory;
import io.loreley.domain.MapElitesRepoStateAggregate;
import io.loreley.domain.MapElitesState;
import io.loreley.domain.Metric;
import io.loreley.domain.Repository;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.SchemaValidationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.engine.jdbc.connections.spi.ConnectionProvider;
import org.hibernate.jpa.HibernatePersistenceConfiguration;

/**
 * The entities as Hibernate knows them: one session factory a process, since what it holds depends on no database. It takes
 * two seconds of a cold JVM, and is built in the background while other things are done. Its sessions work on the connection
 * that they are given.
 */
final class Mappings {

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

    /** Which database's schema is being looked at. */
    private static final ScopedValue<DataSource> LOOKED_AT = ScopedValue.newInstance();

    private Mappings() {}

    private static final class Built {

        static final CompletableFuture<SessionFactory> FACTORY = CompletableFuture.supplyAsync(
                Mappings::build,
                task -> Thread.ofPlatform().name("session-factory").daemon().start(task));
    }

    /** Begins to build it, if nobody has. It lives as long as the process. */
    static CompletableFuture<SessionFactory> sessions() {
        return Built.FACTORY;
    }

    /**
     * Looks whether a database has the tables and columns of the entities.
     *
     * @throws PersistenceException if not, or if it cannot be asked
     */
    static void validate(SessionFactory sessions, DataSource database) {
        ScopedValue.where(LOOKED_AT, database).run(() -> {
            try {
                sessions.getSchemaManager().validate();
            } catch (SchemaValidationException e) {
                throw new PersistenceException(e.getMessage(), e);
            }
        });
    }

    private static SessionFactory build() {
        var configuration = new HibernatePersistenceConfiguration("loreley")
                .property(AvailableSettings.JDBC_TIME_ZONE, "UTC")
                .property("hibernate.boot.allow_jdbc_metadata_access", false)
                .property(AvailableSettings.JAKARTA_HBM2DDL_DB_NAME, "PostgreSQL")
                .property(AvailableSettings.CONNECTION_PROVIDER, LookedAt.INSTANCE);
        ENTITIES.forEach(configuration::managedClass);
        return configuration.createEntityManagerFactory();
    }

    /** Only for {@link #validate}: a session is given its connection. */
    private enum LookedAt implements ConnectionProvider {
        INSTANCE;

        @Override
        public Connection getConnection() throws SQLException {
            return LOOKED_AT.get().getConnection();
        }

        @Override
        public void closeConnection(Connection connection) throws SQLException {
            connection.close();
        }

        @Override
        public boolean supportsAggressiveRelease() {
            return false;
        }

        @Override
        public boolean isUnwrappableAs(Class<?> type) {
            return type.isInstance(this);
        }

        @Override
        public <T> T unwrap(Class<T> type) {
            return type.cast(this);
        }
    }
}
