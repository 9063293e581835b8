package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a database to the schema of this version, or says why it must not be touched. */
final class Migrations {

    private static final int OLDEST_SERVER = 15;

    private Migrations() {}

    static void run(DataSource dataSource, DatabaseUrl url) {
        try (Connection connection = dataSource.getConnection()) {
            requireVersion(connection, url);
            requireOurs(connection, url);
        } catch (SQLException e) {
            throw new LoreleyException(FailureKind.DATABASE, SqlErrors.cannotConnect(url, e), e);
        }
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(dataSource)
                    .locations("classpath:db/migration")
                    .loggers("slf4j")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new LoreleyException(
                    FailureKind.DATABASE,
                    "the schema of %s cannot be migrated: %s\nIf it was migrated by a newer version, run that version."
                            .formatted(url, e.getMessage()),
                    e);
        }
    }

    private static void requireVersion(Connection connection, DatabaseUrl url) throws SQLException {
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < OLDEST_SERVER) {
            throw new LoreleyException(
                    FailureKind.DATABASE,
                    "%s is PostgreSQL %d; Loreley needs %d or newer".formatted(url, version, OLDEST_SERVER));
        }
    }

    /** An empty schema may be filled, and one with our history migrated; anything else belongs to somebody. */
    private static void requireOurs(Connection connection, DatabaseUrl url) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        if (!tables.isEmpty() && !tables.contains("flyway_schema_history")) {
            throw new LoreleyException(
                    FailureKind.DATABASE,
                    "%s holds tables that Loreley did not make (%s); it is left untouched. Name an empty database."
                            .formatted(url, String.join(", ", tables.subList(0, Math.min(5, tables.size())))));
        }
    }
}
