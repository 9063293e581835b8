package io.loreley.store;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to schedule an experiment: a session-level advisory lock on a connection of its own. It ends with the
 * connection, so a dead holder never keeps it. For one thread.
 */
public final class ExperimentLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExperimentLock.class);

    private final Database database;
    private final long key;
    private Connection connection;

    private ExperimentLock(Database database, Connection connection, long key) {
        this.database = database;
        this.connection = connection;
        this.key = key;
    }

    /** Takes the lock, if nobody else holds it. */
    public static Optional<ExperimentLock> tryAcquire(Database database, ExperimentId experiment) {
        long key = key(experiment);
        return take(database, key).map(connection -> new ExperimentLock(database, connection, key));
    }

    private static Optional<Connection> take(Database database, long key) {
        try {
            Connection connection = database.dataSource().getConnection();
            try {
                noticeDeathSoon(connection);
                if (answersTrue(connection, "SELECT pg_try_advisory_lock(%d)".formatted(key))) {
                    return Optional.of(connection);
                }
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
            connection.close();
            return Optional.empty();
        } catch (SQLException e) {
            throw SqlErrors.translate(database.url(), e);
        }
    }

    /** A machine that vanishes closes no connection; the server then asks after it, and lets go within about ten seconds. */
    private static void noticeDeathSoon(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "SET tcp_keepalives_idle = 4; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3");
        }
    }

    /**
     * Takes the lock again after its connection was lost. What was held in memory must be read again: somebody else may
     * have held the lock meanwhile.
     *
     * @throws LockLostException if somebody else holds it now
     */
    public void renew() {
        if (isHeld()) {
            return;
        }
        giveUpConnection();
        connection = take(database, key)
                .orElseThrow(() -> new LockLostException(
                        "another process took over this experiment while the database was away; this run ends"));
    }

    private boolean isHeld() {
        try {
            verify();
            return true;
        } catch (LoreleyException e) {
            return false;
        }
    }

    private void giveUpConnection() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.atDebug().setCause(e).log("lock.connection-gone");
        }
    }

    /**
     * Checks that the lock is still ours, as it is while its connection lives.
     *
     * @throws LoreleyException with kind DATABASE if it was lost
     */
    public void verify() {
        try {
            // objid and classid are the halves of the key; objsubid 1 marks a key of one 64-bit number
            if (answersTrue(connection, """
                    SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
                        AND ((classid::bigint << 32) | objid::bigint) = %d AND objsubid = 1)""".formatted(key))) {
                return;
            }
        } catch (SQLException e) {
            throw new DatabaseUnavailableException("the connection that held the experiment's lock is gone", e);
        }
        throw new LoreleyException(FailureKind.DATABASE, "the experiment's lock is no longer held");
    }

    @Override
    public void close() {
        try (Connection held = connection) {
            answersTrue(held, "SELECT pg_advisory_unlock(%d)".formatted(key));
        } catch (SQLException e) {
            // The connection is gone, and the lock with it.
            LOG.atDebug().setCause(e).log("lock.connection-gone");
        }
    }

    /** The first eight bytes, big-endian and signed, of the SHA-256 of the sixteen bytes of the id. */
    static long key(ExperimentId experiment) {
        ByteBuffer id = ByteBuffer.allocate(16)
                .putLong(experiment.value().getMostSignificantBits())
                .putLong(experiment.value().getLeastSignificantBits());
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(id.array()))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static boolean answersTrue(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            return rows.next() && rows.getBoolean(1);
        }
    }
}
