package io.loreley.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plain statements with their values in order. */
final class Sql {

    private Sql() {}

    /** Whether a query has a row. */
    static boolean exists(Connection connection, String query, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(connection, query, values);
                ResultSet rows = statement.executeQuery()) {
            return rows.next();
        }
    }

    /** The first column of every row. */
    static List<String> texts(Connection connection, String query, @Nullable Object... values) throws SQLException {
        return rows(connection, row -> row.getString(1), query, values);
    }

    /** What becomes of the row that a cursor stands at. */
    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Every row, read. */
    static <T> List<T> rows(Connection connection, Reader<T> reader, String query, @Nullable Object... values)
            throws SQLException {
        List<T> found = new ArrayList<>();
        try (PreparedStatement statement = prepare(connection, query, values);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(reader.read(rows));
            }
        }
        return found;
    }

    /** The first row, read; empty if there is none. */
    static <T> Optional<T> first(Connection connection, Reader<T> reader, String query, @Nullable Object... values)
            throws SQLException {
        return rows(connection, reader, query, values).stream().findFirst();
    }

    /** How many rows changed. */
    static int update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** To be closed by the caller. */
    static PreparedStatement prepare(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    /** What is done with a connection. */
    @FunctionalInterface
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /** Asks without a transaction and without a session: each query sees what was committed when it began. */
    static <T> T ask(Database database, Work<T> questions) {
        try (Connection connection = database.dataSource().getConnection()) {
            return questions.with(connection);
        } catch (SQLException e) {
            throw SqlErrors.translate(database.url(), e);
        }
    }

    /** Carries out work as a whole or not at all, without a session. It passes the gate of the database. */
    static <T> T transaction(Database database, Work<T> work) {
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try {
                database.gate().enter(connection);
                T answer = work.with(connection);
                connection.commit();
                database.gate().leave();
                return answer;
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw SqlErrors.translate(database.url(), e);
        }
    }

    /** Takes back what was begun. A connection that is gone took it with it, and says so: that must not hide the cause. */
    static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
