package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a database to the schema of this version, or says why it must not be touched. */
final class Migrations {

    /** The number of the last file in {@code db/migration}. Loading Flyway costs a second of CPU: not for nothing. */
    static final int NEWEST = 9;

    private static final int OLDEST_SERVER = 15;
    private static final String LOGIN_SECONDS = "10";
    private static final String HISTORY = "flyway_schema_history";
    /** Tables of the Python system, enough of them to know it by. */
    private static final List<String> PYTHON_TABLES = List.of("repositories", "experiments", "evolution_jobs");

    private Migrations() {}

    static void run(DatabaseUrl url) {
        if (applied(url).orElse(0) < NEWEST) {
            migrate(url);
        }
    }

    /** The number of the newest migration that the database has; nothing for an empty one. */
    private static OptionalInt applied(DatabaseUrl url) {
        try (Connection connection = connect(url)) {
            requireServer(connection, url);
            Set<String> tables = tables(connection);
            if (tables.isEmpty()) {
                return OptionalInt.empty();
            }
            requireOurs(tables, url);
            return requireNotNewer(newest(connection), url);
        } catch (SQLException e) {
            throw new LoreleyException(FailureKind.DATABASE, SqlErrors.cannotConnect(url, e), e);
        }
    }

    /** Without a pool: a server that cannot be reached or used says so at once. */
    private static Connection connect(DatabaseUrl url) throws SQLException {
        var properties = new Properties();
        properties.setProperty("loginTimeout", LOGIN_SECONDS);
        properties.setProperty("ApplicationName", "loreley");
        if (url.user() != null) {
            properties.setProperty("user", url.user());
        }
        if (url.password() != null) {
            properties.setProperty("password", url.password());
        }
        return DriverManager.getConnection(url.jdbc(), properties);
    }

    private static void requireServer(Connection connection, DatabaseUrl url) throws SQLException {
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < OLDEST_SERVER) {
            throw new LoreleyException(
                    FailureKind.DATABASE,
                    "%s is PostgreSQL %d; Loreley needs %d or newer".formatted(url, version, OLDEST_SERVER));
        }
    }

    private static Set<String> tables(Connection connection) throws SQLException {
        Set<String> tables = new TreeSet<>();
        try (var statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }

    /** An empty schema may be filled, and one with our history migrated; anything else belongs to somebody. */
    private static void requireOurs(Set<String> tables, DatabaseUrl url) {
        if (tables.contains(HISTORY)) {
            return;
        }
        if (tables.containsAll(PYTHON_TABLES)) {
            throw new LoreleyException(
                    FailureKind.DATABASE,
                    "%s was made by the Python Loreley; it is left untouched. Name an empty database.".formatted(url));
        }
        throw new LoreleyException(
                FailureKind.DATABASE,
                "%s holds tables that Loreley did not make (%s); it is left untouched. Name an empty database."
                        .formatted(
                                url, String.join(", ", tables.stream().limit(5).toList())));
    }

    private static OptionalInt newest(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT max(version::int) FROM " + HISTORY + " WHERE success AND version ~ '^[0-9]+$'")) {
            rows.next();
            int version = rows.getInt(1);
            return rows.wasNull() ? OptionalInt.empty() : OptionalInt.of(version);
        }
    }

    private static OptionalInt requireNotNewer(OptionalInt applied, DatabaseUrl url) {
        if (applied.orElse(0) > NEWEST) {
            throw new LoreleyException(
                    FailureKind.DATABASE,
                    "%s was migrated by a newer Loreley, to schema version %d; this one knows %d. It is left untouched: run the newer version."
                            .formatted(url, applied.getAsInt(), NEWEST));
        }
        return applied;
    }

    private static void migrate(DatabaseUrl url) {
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(url.jdbc(), url.user(), url.password())
                    .locations("classpath:db/migration")
                    .loggers("slf4j")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new LoreleyException(
                    FailureKind.DATABASE, "the schema of %s cannot be migrated: %s".formatted(url, e.getMessage()), e);
        }
    }
}
