package io.loreley.process;

import java.time.Duration;

/**
 * How one outage is endured: with pauses that double, for a quarter of an hour. What is at work was paid for, and gives up
 * no sooner. For one thread.
 */
public final class Endurance {

    private static final Duration OUTAGE = Duration.ofMinutes(15);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final long deadline = System.nanoTime() + OUTAGE.toNanos();
    private Duration pause;

    public Endurance() {
        this(FIRST_PAUSE);
    }

    Endurance(Duration firstPause) {
        this.pause = firstPause;
    }

    /** What to do after a pause. */
    public enum Next {
        TRY_AGAIN,
        /** The outage lasts too long; there was no pause. */
        GIVE_UP,
        /** This thread was interrupted, and still is. */
        STOP
    }

    /** How long the next pause is. */
    public Duration pause() {
        return pause;
    }

    public Next await() {
        if (System.nanoTime() + pause.toNanos() > deadline) {
            return Next.GIVE_UP;
        }
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Next.STOP;
        }
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        return Next.TRY_AGAIN;
    }
}
