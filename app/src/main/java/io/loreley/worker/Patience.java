package io.loreley.worker;

import io.loreley.store.DatabaseUnavailableException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries a write again while the database is away, for as long as an outage may last: what is to be written was paid for.
 * Safe for many threads.
 */
final class Patience {

    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);

    private static final Duration OUTAGE = Duration.ofMinutes(15);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /**
     * Writes, again and again if need be. An attempt that was cut off may have taken place: a write that names its
     * attempt then answers false the second time, and what it wrote stands.
     *
     * @throws DatabaseUnavailableException if the outage lasts too long, or this thread is interrupted
     */
    boolean insist(BooleanSupplier write) {
        long deadline = System.nanoTime() + OUTAGE.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return write.getAsBoolean();
            } catch (DatabaseUnavailableException e) {
                LOG.atWarn()
                        .addKeyValue("pause_ms", pause.toMillis())
                        .setCause(e)
                        .log("database.away");
                if (System.nanoTime() + pause.toNanos() > deadline || !sleep(pause)) {
                    throw e;
                }
                Duration doubled = pause.multipliedBy(2);
                pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
            }
        }
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
