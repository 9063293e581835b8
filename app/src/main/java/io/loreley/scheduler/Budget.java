package io.loreley.scheduler;

import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** How much of a run is left. Jobs are counted in the database over the experiment's life, time from the run's start. */
public final class Budget {

    private final @Nullable Long jobs;
    private final @Nullable Instant deadline;
    private final InstantSource clock;

    public Budget(BudgetSettings settings, InstantSource clock) {
        this.jobs = settings.jobs();
        this.deadline = settings.time() == null ? null : clock.instant().plus(settings.time());
        this.clock = clock;
    }

    /** How many more jobs may be drawn, given how many were. */
    long drawsLeft(long drawn) {
        return jobs == null ? Long.MAX_VALUE : Math.max(0, jobs - drawn);
    }

    boolean timeIsUp() {
        return deadline != null && !clock.instant().isBefore(deadline);
    }
}
