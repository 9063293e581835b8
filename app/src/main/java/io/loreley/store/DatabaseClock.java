package io.loreley.store;

import io.loreley.domain.LoreleyException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time as the database tells it. One machine judges by it whether another still lives, so all must have the same, whatever
 * their own clocks say. It is read now and then; between two readings it goes on with the machine's monotonic clock, which
 * nobody sets, so that a wall clock that jumps moves nothing here. Safe for many threads.
 */
public final class DatabaseClock implements InstantSource, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseClock.class);

    /** Often enough for clocks that drift apart, and for a machine that slept. */
    private static final Duration READ_EVERY = Duration.ofMinutes(1);
    /** More than a slow answer explains. */
    private static final Duration JUMP = Duration.ofSeconds(2);

    private final Database database;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Reading last;

    private DatabaseClock(Database database) {
        this.database = database;
        this.last = read();
    }

    /**
     * Reads the clock of a database, and goes on reading it until closed.
     *
     * @throws LoreleyException of kind DATABASE if it does not answer
     */
    public static DatabaseClock of(Database database) {
        DatabaseClock clock = new DatabaseClock(database);
        Thread.ofVirtual().name("database-clock").start(clock::follow);
        return clock;
    }

    @Override
    public Instant instant() {
        return last.now();
    }

    private void follow() {
        try {
            while (!closed.await(READ_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                readAgain();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until the next reading the monotonic clock is good enough, however long the database is away. */
    private void readAgain() {
        try {
            Reading next = read();
            Duration jump = Duration.between(last.now(), next.now());
            if (jump.abs().compareTo(JUMP) > 0) {
                LOG.atWarn().addKeyValue("jump_ms", jump.toMillis()).log("database.clock-jumped");
            }
            last = next;
        } catch (LoreleyException e) {
            LOG.atWarn().setCause(e).log("database.clock-unread");
        }
    }

    private Reading read() {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            long asked = System.nanoTime();
            try (var rows = statement.executeQuery("SELECT clock_timestamp()")) {
                rows.next();
                long answered = System.nanoTime();
                Instant time = rows.getObject(1, OffsetDateTime.class).toInstant();
                return new Reading(time, asked + (answered - asked) / 2);
            }
        } catch (SQLException e) {
            throw SqlErrors.translate(database.url(), e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }

    /** What the database's clock said at a moment of the monotonic one. */
    private record Reading(Instant time, long nanos) {

        Instant now() {
            return time.plusNanos(System.nanoTime() - nanos);
        }
    }
}
