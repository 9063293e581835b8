package io.loreley.worker;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.Endurance;
import io.loreley.store.DatabaseUnavailableException;
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
        Endurance outage = new Endurance();
        while (true) {
            try {
                return question.get();
            } catch (DatabaseUnavailableException e) {
                LOG.atWarn()
                        .addKeyValue("pause_ms", outage.pause().toMillis())
                        .setCause(e)
                        .log("database.away");
                if (outage.await() != Endurance.Next.TRY_AGAIN) {
                    throw e;
                }
            }
        }
    }

    /**
     * As {@link #insist}, of a Git remote that is away or a disk that is full. An interrupt ends the wait with a failure of kind
     * INTERRUPTED.
     */
    <T> T askGit(Supplier<T> question) {
        Endurance outage = new Endurance();
        while (true) {
            try {
                return question.get();
            } catch (LoreleyException e) {
                boolean isFull = e.kind() == FailureKind.STORAGE;
                if (!isFull && e.kind() != FailureKind.REMOTE) {
                    throw e;
                }
                LOG.atWarn()
                        .addKeyValue("pause_ms", outage.pause().toMillis())
                        .setCause(e)
                        .log(isFull ? "disk.full" : "remote.away");
                switch (outage.await()) {
                    case TRY_AGAIN -> {}
                    case GIVE_UP -> throw e;
                    case STOP ->
                        throw new LoreleyException(
                                FailureKind.INTERRUPTED,
                                "told to stop while the %s".formatted(isFull ? "disk was full" : "git remote was away"),
                                e);
                }
            }
        }
    }

    void insistOnGit(Runnable order) {
        askGit(() -> {
            order.run();
            return true;
        });
    }
}
