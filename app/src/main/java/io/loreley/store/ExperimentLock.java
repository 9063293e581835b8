package io.loreley.store;

import io.loreley.domain.Digests;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to schedule an experiment: a session-level advisory lock on a connection of its own, and a lease with an
 * epoch. The lock ends with the connection, so a dead holder never keeps it. A holder that is stopped, or cut off from a
 * server that has not noticed, stops beating; its connection is then ended by whoever asks next. What such a holder still
 * writes through {@link #fenced} names an epoch that has passed, and is refused. One thread uses it, another beats.
 */
public final class ExperimentLock implements AutoCloseable {

    /** How often a holder says that it lives. */
    private static final Duration BEAT = Duration.ofSeconds(2);
    /** After so long without a beat a holder is taken for gone; seconds by the clock of the database. */
    static final int STALE_SECONDS = 10;
    /** How long a backend may take to end after it was told to; milliseconds. */
    private static final int END_BACKEND = 2_000;

    /** Before the first. */
    private static final long NO_EPOCH = 0;

    /**
     * A condition in SQL: somebody holds the lock of this key in this database. {@code pg_locks} lists the locks of the whole
     * server, where a copy of the database has the same experiments; {@code classid} and {@code objid} are the halves of the
     * key, and {@code objsubid} 1 marks a key of one 64-bit number.
     */
    static final String HELD = """
            EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND ((classid::bigint << 32) | objid::bigint) = %d)""";

    private static final Logger LOG = LoggerFactory.getLogger(ExperimentLock.class);

    private final Database database;
    private final ExperimentId experiment;
    private final String holder;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread heart;
    private volatile Held held;

    private record Held(Connection connection, long epoch) {}

    private ExperimentLock(Database database, ExperimentId experiment, String holder, Held held) {
        this.database = database;
        this.experiment = experiment;
        this.holder = holder;
        this.held = held;
        // No virtual thread: it beats whatever keeps their carriers busy, as the embedding of files may.
        this.heart = Thread.ofPlatform().daemon().name("scheduler-lease").unstarted(this::beat);
    }

    /** As {@link #tryAcquire(Database, ExperimentId, String)}, for a holder without a name. */
    public static Optional<ExperimentLock> tryAcquire(Database database, ExperimentId experiment) {
        return tryAcquire(database, experiment, "nameless");
    }

    /**
     * Takes the lock, if nobody else holds it who lives.
     *
     * @param holder who it is, for people
     */
    public static Optional<ExperimentLock> tryAcquire(Database database, ExperimentId experiment, String holder) {
        return take(database, experiment, holder, NO_EPOCH).map(held -> {
            ExperimentLock lock = new ExperimentLock(database, experiment, holder, held);
            lock.heart.start();
            return lock;
        });
    }

    /** @param ours the epoch that this holder had, and may not have lost */
    private static Optional<Held> take(Database database, ExperimentId experiment, String holder, long ours) {
        try {
            Connection connection = database.dataSource().getConnection();
            try {
                noticeDeathSoon(connection);
                String tryLock = "SELECT pg_try_advisory_lock(%d)".formatted(key(experiment));
                if (answersTrue(connection, tryLock)
                        || (endHolder(connection, experiment, holder, ours) && answersTrue(connection, tryLock))) {
                    long epoch = nextEpoch(connection, experiment, holder);
                    connection.setNetworkTimeout(
                            Runnable::run, STALE_SECONDS * 1000); // all that is left to ask is short
                    return Optional.of(new Held(connection, epoch));
                }
            } catch (SQLException e) {
                giveBack(connection, experiment, e);
                throw e;
            }
            connection.close();
            return Optional.empty();
        } catch (SQLException e) {
            throw SqlErrors.translate(database.url(), e);
        }
    }

    /** A pooled connection must not keep a lock that nobody knows it has. */
    private static void giveBack(Connection pooled, ExperimentId experiment, SQLException failure) {
        try (Connection connection = pooled) {
            answersTrue(connection, "SELECT pg_advisory_unlock(%d)".formatted(key(experiment)));
        } catch (SQLException e) {
            failure.addSuppressed(e); // the connection is gone, and the lock with it
        }
    }

    /** A machine that vanishes closes no connection; the server then asks after it, and lets go within about ten seconds. */
    private static void noticeDeathSoon(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "SET tcp_keepalives_idle = 4; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3");
        }
    }

    /** Ends the connection of a holder that stopped beating, and one of our own that only the server still has. */
    private static boolean endHolder(Connection connection, ExperimentId experiment, String holder, long ours)
            throws SQLException {
        try (var statement = Sql.prepare(
                        connection,
                        """
                        SELECT pg_terminate_backend(lease.backend_pid, ?) FROM scheduler_leases lease
                        JOIN pg_locks held ON held.pid = lease.backend_pid AND held.locktype = 'advisory' AND held.granted
                            AND ((held.classid::bigint << 32) | held.objid::bigint) = ? AND held.objsubid = 1
                        WHERE lease.experiment_id = ? AND (lease.renewed_at < now() - make_interval(secs => ?)
                            OR lease.holder = ? AND lease.epoch = ?)""",
                        END_BACKEND,
                        key(experiment),
                        experiment.value(),
                        STALE_SECONDS,
                        holder,
                        ours);
                var rows = statement.executeQuery()) {
            boolean ended = rows.next() && rows.getBoolean(1);
            if (ended) {
                LOG.atWarn().addKeyValue("experiment", experiment).log("lock.holder-ended");
            }
            return ended;
        }
    }

    private static long nextEpoch(Connection connection, ExperimentId experiment, String holder) throws SQLException {
        try (var statement = connection.prepareStatement("""
                INSERT INTO scheduler_leases AS lease (experiment_id, epoch, holder, backend_pid)
                VALUES (?, 1, ?, pg_backend_pid())
                ON CONFLICT (experiment_id) DO UPDATE SET epoch = lease.epoch + 1, holder = excluded.holder,
                    backend_pid = excluded.backend_pid, renewed_at = now()
                RETURNING epoch""")) {
            statement.setObject(1, experiment.value());
            statement.setString(2, holder);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private void beat() {
        try {
            while (!closed.await(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                renewLease(held);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void renewLease(Held now) {
        try (var statement = now.connection()
                .prepareStatement(
                        "UPDATE scheduler_leases SET renewed_at = now() WHERE experiment_id = ? AND epoch = ?")) {
            statement.setObject(1, experiment.value());
            statement.setLong(2, now.epoch());
            statement.executeUpdate();
        } catch (SQLException e) {
            LOG.atDebug().setCause(e).log("lock.connection-gone"); // the next tick notices, and renews
        }
    }

    /**
     * The database for whoever writes under this lock: a transaction is refused once another holder has begun its epoch,
     * and another holder waits with that for the transactions at work. One in which nothing is said for as long as makes a
     * holder stale is ended by the server, so that a process which was stopped in the middle keeps nobody waiting.
     */
    public Database fenced() {
        return database.through(this::requireEpoch);
    }

    private void requireEpoch(Connection connection) throws SQLException {
        boolean isOurs = Sql.exists(
                connection,
                "SELECT set_config('idle_in_transaction_session_timeout', ?, true) FROM scheduler_leases"
                        + " WHERE experiment_id = ? AND epoch = ? FOR KEY SHARE",
                STALE_SECONDS + "s",
                experiment.value(),
                held.epoch());
        if (!isOurs) {
            throw new TakenOverException();
        }
    }

    /**
     * Takes the lock again after its connection was lost. What was held in memory must be read again: somebody else may
     * have held the lock meanwhile.
     *
     * @throws TakenOverException if somebody else holds it now
     */
    public void renew() {
        if (isStillHeld()) {
            return;
        }
        giveUpConnection();
        held = take(database, experiment, holder, held.epoch()).orElseThrow(TakenOverException::new);
    }

    private boolean isStillHeld() {
        try {
            verify();
            return true;
        } catch (LoreleyException e) {
            return false;
        }
    }

    private void giveUpConnection() {
        try {
            held.connection().close();
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
            if (answersTrue(held.connection(), """
                    SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
                        AND ((classid::bigint << 32) | objid::bigint) = %d AND objsubid = 1)""".formatted(key(experiment)))) {
                return;
            }
        } catch (SQLException e) {
            throw new DatabaseUnavailableException("the connection that held the experiment's lock is gone", e);
        }
        throw new LoreleyException(FailureKind.DATABASE, "the experiment's lock is no longer held");
    }

    @Override
    public void close() {
        closed.countDown(); // and no interrupt, which would end the connection in the middle of a beat
        try {
            heart.join(BEAT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Connection last = held.connection()) {
            answersTrue(last, "SELECT pg_advisory_unlock(%d)".formatted(key(experiment)));
        } catch (SQLException e) {
            // The connection is gone, and the lock with it.
            LOG.atDebug().setCause(e).log("lock.connection-gone");
        }
    }

    /** Whether anybody holds the lock of an experiment of this database. */
    static boolean isHeld(Connection connection, ExperimentId experiment) throws SQLException {
        return answersTrue(connection, "SELECT " + HELD.formatted(key(experiment)));
    }

    /** The first eight bytes, big-endian and signed, of the SHA-256 of the sixteen bytes of the id. */
    static long key(ExperimentId experiment) {
        ByteBuffer id = ByteBuffer.allocate(16)
                .putLong(experiment.value().getMostSignificantBits())
                .putLong(experiment.value().getLeastSignificantBits());
        return ByteBuffer.wrap(Digests.sha256().digest(id.array())).getLong();
    }

    private static boolean answersTrue(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            return rows.next() && rows.getBoolean(1);
        }
    }
}
