package io.loreley.store;

import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.event.SchedulerListener.SchedulerEventType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * For how long a worker has been in touch with the database. Who was cut off itself, stopped, or has only just begun,
 * cannot tell the dead from those who were cut off like it: their heartbeats are old, and may come in a moment. So it
 * buries nobody until it has listened, without a break, for as long as a dead worker is silent. db-scheduler looks for the
 * dead every two heartbeats, from one thread, and each look that ends is a sign of contact.
 */
final class Contact extends AbstractSchedulerListener {

    private final InstantSource clock;
    private final Duration longestBreak;
    private final Duration silence;
    private @Nullable Instant since;
    private Instant last = Instant.MIN;

    /** @param silence after so long without a heartbeat a worker counts as dead */
    Contact(InstantSource clock, Duration heartbeat, Duration silence) {
        this.clock = clock;
        this.longestBreak = heartbeat.multipliedBy(3);
        this.silence = silence;
    }

    @Override
    public synchronized void onSchedulerEvent(SchedulerEventType event) {
        if (event != SchedulerEventType.RAN_DETECT_DEAD) {
            return;
        }
        Instant now = clock.instant();
        if (isBroken(now)) {
            since = now;
        }
        last = now;
    }

    /** Whether who is silent can be taken for dead. */
    synchronized boolean mayBury() {
        Instant now = clock.instant();
        return since != null && !isBroken(now) && !now.isBefore(since.plus(silence));
    }

    private boolean isBroken(Instant now) {
        return since == null || now.isAfter(last.plus(longestBreak));
    }
}
