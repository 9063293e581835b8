package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One read-only question in plain SQL, put together piece by piece with its parameters. Needs no session factory. For one
 * thread, asked once.
 */
final class Question {

    /** Rows in one answer of the server, so that a large one is not held twice. */
    private static final int ROWS_A_FETCH = 2000;

    private final Database database;
    private final String what;
    private final StringBuilder sql = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();

    /**
     * A question.
     *
     * @param what completes the sentence "cannot read …"
     */
    Question(Database database, String what) {
        this.database = database;
        this.what = what;
    }

    /** Adds a piece of SQL that was written by us, and the values of its question marks. */
    Question add(String piece, Object... values) {
        if (!sql.isEmpty()) {
            sql.append('\n');
        }
        sql.append(piece);
        for (Object value : values) {
            parameters.add(value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value);
        }
        return this;
    }

    /** As {@link #add}, if there is a value to ask for. */
    Question addIf(@Nullable Object value, String piece) {
        return value == null ? this : add(piece, value);
    }

    /** Adds that a hash begins with some digits, so that an index in the order of bytes finds it, whatever the collation. */
    Question beginsWith(String column, String digits) {
        return add(
                "(%1$s COLLATE \"C\" >= ? AND %1$s COLLATE \"C\" < ?)".formatted(column),
                digits,
                digits + "g"); // comes after every hexadecimal digit
    }

    <T> List<T> list(Row<T> row) {
        List<T> answers = new ArrayList<>();
        each(rows -> answers.add(row.read(rows)));
        return answers;
    }

    <T> Optional<T> first(Row<T> row) {
        return list(row).stream().findFirst();
    }

    long number() {
        return first(rows -> rows.getLong(1)).orElse(0L);
    }

    /** Reads row by row; the answer is never held whole. */
    void each(Visitor visitor) {
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            Database.unhurried(connection);
            Sql.update(connection, "SET LOCAL idle_in_transaction_session_timeout = 0"); // whoever reads may be slow
            try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
                statement.setFetchSize(ROWS_A_FETCH);
                for (int i = 0; i < parameters.size(); i++) {
                    statement.setObject(i + 1, parameters.get(i));
                }
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        visitor.visit(rows);
                    }
                }
            }
            connection.commit();
        } catch (SQLException e) {
            LoreleyException explained = SqlErrors.translate(database.url(), e);
            if (explained instanceof DatabaseUnavailableException) {
                throw explained;
            }
            String message = "cannot read %s: %s".formatted(what, explained.getMessage());
            throw SqlErrors.isOfValue(e)
                    ? new UnusableValueException(message, e)
                    : new LoreleyException(FailureKind.DATABASE, message, e);
        }
    }

    static UUID uuid(ResultSet rows, String column) throws SQLException {
        return rows.getObject(column, UUID.class);
    }

    static @Nullable Instant instant(ResultSet rows, String column) throws SQLException {
        Timestamp timestamp = rows.getTimestamp(column);
        return timestamp == null ? null : timestamp.toInstant();
    }

    static @Nullable Double real(ResultSet rows, String column) throws SQLException {
        double value = rows.getDouble(column);
        return rows.wasNull() ? null : value;
    }

    static @Nullable Long whole(ResultSet rows, String column) throws SQLException {
        long value = rows.getLong(column);
        return rows.wasNull() ? null : value;
    }

    static List<String> texts(ResultSet rows, String column) throws SQLException {
        var array = rows.getArray(column);
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }

    /** Reads one row. */
    interface Row<T> {
        T read(ResultSet rows) throws SQLException;
    }

    /** Looks at one row. */
    interface Visitor {
        void visit(ResultSet rows) throws SQLException;
    }
}
