package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Brings a database to the schema of this version, or says why it must not be touched. */
final class Migrations {

    /** The number of the last file in {@code db/migration}. Loading Flyway costs a second of CPU: not for nothing. */
    static final int NEWEST = 19;

    /** What our sessions are called on the server. */
    static final String APPLICATION = "loreley";

    private static final int OLDEST_SERVER = 15;
    private static final String LOGIN_SECONDS = "10";
    private static final String HISTORY = "flyway_schema_history";

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
            if (!tables.contains(HISTORY) && PythonSchema.resembles(tables)) {
                new PythonDatabase(connection, url).adopt(Migrations::migrateWithin);
            } else {
                requireOurs(tables, url);
            }
            return requireNotNewer(newest(connection), url);
        } catch (SQLException e) {
            throw new LoreleyException(FailureKind.DATABASE, SqlErrors.cannotConnect(url, e), e);
        }
    }

    /** Without a pool: a server that cannot be reached or used says so at once. */
    static Connection connect(DatabaseUrl url) throws SQLException {
        var properties = new Properties();
        properties.setProperty("loginTimeout", LOGIN_SECONDS);
        properties.setProperty("ApplicationName", APPLICATION);
        if (url.user() != null) {
            properties.setProperty("user", url.user());
        }
        if (url.password() != null) {
            properties.setProperty("password", url.password());
        }
        return DriverManager.getConnection(url.jdbc(), properties);
    }

    private static void requireServer(Connection connection, DatabaseUrl url) throws SQLException {
        requireVersion(connection.getMetaData().getDatabaseProductVersion(), url);
    }

    /** @param version as the server says it: {@code 18.6}, {@code 14.11 (Debian 14.11-1)}, {@code 19beta1} */
    static void requireVersion(String version, DatabaseUrl url) {
        Matcher major = Pattern.compile("^[0-9]+").matcher(version);
        if (!major.find() || Integer.parseInt(major.group()) < OLDEST_SERVER) {
            throw new LoreleyException(
                    FailureKind.DATABASE,
                    "%s is PostgreSQL %s; Loreley needs %d or newer. It is left untouched: name a newer server, or leave DATABASE_URL unset to use the one that Loreley brings."
                            .formatted(url, version, OLDEST_SERVER));
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
        throw new LoreleyException(
                FailureKind.DATABASE,
                "%s holds tables that Loreley did not make (%s); it is left untouched. Name an empty database."
                        .formatted(
                                url, String.join(", ", tables.stream().limit(5).toList())));
    }

    static boolean hasHistory(Connection connection) throws SQLException {
        return tables(connection).contains(HISTORY);
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
            flyway().dataSource(url.jdbc(), url.user(), url.password()).load().migrate();
        } catch (FlywayException e) {
            throw new LoreleyException(
                    FailureKind.DATABASE, "the schema of %s cannot be migrated: %s".formatted(url, e.getMessage()), e);
        }
    }

    /** Makes all tables in the transaction of a connection. */
    private static void migrateWithin(DataSource connection) {
        try {
            flyway().dataSource(connection).load().migrate();
        } catch (FlywayException e) {
            throw new LoreleyException(
                    FailureKind.DATABASE, "the schema cannot be made: %s".formatted(e.getMessage()), e);
        }
    }

    private static FluentConfiguration flyway() {
        return Flyway.configure(Migrations.class.getClassLoader())
                .locations("classpath:db/migration")
                .loggers("slf4j");
    }
}
