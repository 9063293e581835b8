package io.loreley.worker;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.store.DatabaseUnavailableException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the database again while it is away, and git while it cannot do its work, for as long as an outage may last: a job
 * at work was paid for.
 * Safe for many threads.
 */
final class Patience {

    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);

    private static final Duration OUTAGE = Duration.ofMinutes(15);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /**
     * Asks, again and again if need be. A write that was cut off may have taken place: one that names its attempt then
     * answers false the second time, and what it wrote stands. A thread that was told to stop before still asks, and is
     * told again afterwards: an interrupt would break its connection.
     *
     * @throws DatabaseUnavailableException if the outage lasts too long, or this thread is interrupted
     */
    <T> T insist(Supplier<T> question) {
        boolean toldToStop = Thread.interrupted();
        try {
            return askAgain(question);
        } finally {
            if (toldToStop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> T askAgain(Supplier<T> question) {
        long deadline = System.nanoTime() + OUTAGE.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return question.get();
            } catch (DatabaseUnavailableException e) {
                LOG.atWarn()
                        .addKeyValue("pause_ms", pause.toMillis())
                        .setCause(e)
                        .log("database.away");
                if (System.nanoTime() + pause.toNanos() > deadline || !sleep(pause)) {
                    throw e;
                }
                pause = longer(pause);
            }
        }
    }

    /**
     * As {@link #insist}, of a Git remote that is away or a disk that is full. An interrupt ends the wait with a failure of kind
     * INTERRUPTED.
     */
    <T> T askGit(Supplier<T> question) {
        long deadline = System.nanoTime() + OUTAGE.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return question.get();
            } catch (LoreleyException e) {
                boolean isFull = e.kind() == FailureKind.STORAGE;
                if (!(isFull || e.kind() == FailureKind.REMOTE) || System.nanoTime() + pause.toNanos() > deadline) {
                    throw e;
                }
                LOG.atWarn()
                        .addKeyValue("pause_ms", pause.toMillis())
                        .setCause(e)
                        .log(isFull ? "disk.full" : "remote.away");
                if (!sleep(pause)) {
                    throw new LoreleyException(
                            FailureKind.INTERRUPTED,
                            "told to stop while the %s".formatted(isFull ? "disk was full" : "git remote was away"),
                            e);
                }
                pause = longer(pause);
            }
        }
    }

    void insistOnGit(Runnable order) {
        askGit(() -> {
            order.run();
            return true;
        });
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    private static boolean sleep(Duration pause) {
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
