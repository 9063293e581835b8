package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What a failure of the database means to a user. */
final class SqlErrors {

    private static final String LOCK_TIMEOUT = "55P03";
    /** A transaction that writes, on a server that has become a standby. */
    private static final String READ_ONLY = "25006";

    /** How the states begin of a lost connection, a standby, an idle transaction that was ended, a deadlock, no room, a shutdown. */
    private static final List<String> PASSING = List.of("08", READ_ONLY, "25P03", "40", "53", LOCK_TIMEOUT, "57P");

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
        if (state.startsWith("53")) {
            return "the database at %s has no room left: %s".formatted(url, sql.getMessage());
        }
        if (state.equals(READ_ONLY)) {
            return "the database at %s is a standby now; DATABASE_URL may name several hosts".formatted(url);
        }
        if (state.startsWith("40") || state.equals(LOCK_TIMEOUT)) {
            return "two transactions stood in each other's way, and the database ended this one; it may be tried again: "
                    + sql.getMessage();
        }
        if (isInterrupted(sql)) {
            return "told to stop while waiting for a connection to %s".formatted(url);
        }
        if (isPoolInUse(sql)) {
            return "all %d connections of this process to %s are in use, and none came free in time: %s"
                    .formatted(Database.POOL_SIZE, url, sql.getMessage());
        }
        if (isPassing(failure)) {
            return "the connection to %s was lost: %s".formatted(url, sql.getMessage());
        }
        return "the database refused "
                + (sql instanceof PSQLException psql && psql.getServerErrorMessage() != null
                        ? refusal(state, psql.getServerErrorMessage())
                        : sql.getMessage());
    }

    /** The failure as a caller meets it: one to try again, or one that says what was wrong. */
    static LoreleyException translate(DatabaseUrl url, Throwable failure) {
        return isPassing(failure)
                ? new DatabaseUnavailableException(explain(url, failure), failure)
                : new LoreleyException(FailureKind.DATABASE, explain(url, failure), failure);
    }

    /** Whether a value was at fault that a caller gave: no text, no moment, out of range, too long. */
    static boolean isOfValue(Throwable failure) {
        SQLException sql = sqlException(failure);
        return sql != null && sql.getSQLState() != null && sql.getSQLState().startsWith("22");
    }

    /** Whether the same may succeed in a while: nobody answered, there was no room, or others stood in the way. */
    private static boolean isPassing(Throwable failure) {
        SQLException sql = sqlException(failure);
        if (sql == null) {
            return false;
        }
        String state = sql.getSQLState() == null ? "" : sql.getSQLState();
        return PASSING.stream().anyMatch(state::startsWith)
                || sql instanceof SQLTransientConnectionException
                || isInterrupted(sql);
    }

    /** The pool counts its connections in the message alone. */
    private static boolean isPoolInUse(SQLException sql) {
        return sql instanceof SQLTransientConnectionException
                && String.valueOf(sql.getMessage()).contains("active=%d,".formatted(Database.POOL_SIZE));
    }

    /** The pool's way to say that its caller was told to stop; it leaves the thread interrupted. */
    private static boolean isInterrupted(SQLException sql) {
        return sql.getCause() instanceof InterruptedException;
    }

    private static String refusal(String state, ServerErrorMessage server) {
        return switch (state) {
            case "23502" -> "a row of %s without %s".formatted(server.getTable(), server.getColumn());
            case "23503", "23505" ->
                "a row of %s, because of its rule %s: %s"
                        .formatted(server.getTable(), server.getConstraint(), server.getDetail());
            case "23514" ->
                server.getConstraint() == null
                        ? "a change: " + server.getMessage()
                        : "a row of %s, because of its rule %s".formatted(server.getTable(), server.getConstraint());
            case "22021" -> "a text with a character that it cannot store: " + server.getMessage();
            case "22001" -> "a text that is longer than its column: " + server.getMessage();
            default -> "a statement: " + server.getMessage();
        };
    }

    static @Nullable SQLException sqlException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
