package io.loreley.scheduler;

import io.loreley.store.Database;
import java.sql.Connection;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Counts the moments at which a process can die, and has it die at some of them: within a transaction, so that all of it
 * is rolled back; right after it was committed, so that nobody hears of it; or between the two, while a program runs.
 */
final class Deaths implements Database.Gate {

    /** Beyond it nobody dies: a small run has about so many moments. */
    private static final int MOMENTS = 160;

    private final Set<Integer> chosen = new HashSet<>();
    private int moment;

    Deaths(RandomGenerator random) {
        int deaths = 1 + random.nextInt(6);
        for (int i = 0; i < deaths; i++) {
            chosen.add(random.nextInt(MOMENTS));
        }
    }

    @Override
    public void enter(Connection connection) {
        pass();
    }

    @Override
    public void leave() {
        pass();
    }

    void pass() {
        if (chosen.contains(moment++)) {
            throw new Death();
        }
    }

    /** As SIGKILL: nobody catches it but the simulation. */
    static final class Death extends Error {

        private static final long serialVersionUID = 1L;

        Death() {
            super("killed", null, false, false);
        }
    }
}
