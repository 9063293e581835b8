package io.loreley.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What a failure of the database means to a user. */
final class SqlErrors {

    private SqlErrors() {}

    static String cannotConnect(DatabaseUrl url, Throwable failure) {
        SQLException sql = sqlException(failure);
        String state = sql == null || sql.getSQLState() == null ? "" : sql.getSQLState();
        String advice = switch (state) {
            case "28P01", "28000" -> "User or password is wrong; mend them in DATABASE_URL or --database-url.";
            case "3D000" -> "The database does not exist; create it, as in: createdb loreley";
            case "08001", "08006", "08004" -> "Is the server running, and does the URL name its host and port?";
            case "57P03" -> "The server is starting up or shutting down; try again in a moment.";
            case "53300" -> "The server has no connection left for us.";
            default -> "See the message for the cause.";
        };
        return "cannot connect to %s: %s\n%s"
                .formatted(url, sql == null ? failure.getMessage() : sql.getMessage(), advice);
    }

    static String explain(DatabaseUrl url, Throwable failure) {
        SQLException sql = sqlException(failure);
        if (sql == null) {
            return "the database refused: " + failure.getMessage();
        }
        String state = sql.getSQLState() == null ? "" : sql.getSQLState();
        if (state.startsWith("08") || state.startsWith("57P")) {
            return "the connection to %s was lost: %s".formatted(url, sql.getMessage());
        }
        if (state.startsWith("53")) {
            return "the database at %s has no room left: %s".formatted(url, sql.getMessage());
        }
        if (sql instanceof PSQLException psql && psql.getServerErrorMessage() != null) {
            ServerErrorMessage server = psql.getServerErrorMessage();
            String constraint = server.getConstraint();
            if (constraint != null) {
                return "the database refused a row of %s, because of its rule %s: %s"
                        .formatted(server.getTable(), constraint, server.getMessage());
            }
        }
        return "the database refused: " + sql.getMessage();
    }

    static @Nullable SQLException sqlException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }
}
