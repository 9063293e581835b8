package io.loreley.cli;

import io.loreley.store.JobQueue;
import io.loreley.store.Workers;
import io.loreley.worker.Lookout;
import io.loreley.worker.Slots;
import java.time.Duration;

/** The workers that a scheduler tells of its jobs. */
interface Crew extends AutoCloseable {

    /** Those of other processes only: they look for themselves. */
    Crew ELSEWHERE = new Crew() {
        @Override
        public void wake() {}

        @Override
        public boolean isDrained() {
            return false;
        }

        @Override
        public void whenDrained(Runnable then) {}

        @Override
        public void pause() {}

        @Override
        public void close() {}
    };

    /** Looks for jobs now rather than at the next poll. */
    void wake();

    /** Whether somebody had it drained, and the last job has ended. */
    boolean isDrained();

    /** Says what to do once they are drained. Any thread may do it, and more than once. */
    void whenDrained(Runnable then);

    /** Claims no more jobs; those at work go on. */
    void pause();

    /** Claims no more, lets jobs at work finish within the soft limit, and has the rest ended and given back. Once. */
    @Override
    void close();

    /** Those of this process: what claims jobs, what looks out for orders, and their entry in the register. */
    final class Here implements Crew {

        private final JobQueue.Running claims;
        private final Lookout lookout;
        private final Workers register;
        private final Slots slots;
        private final String name;
        private final Stop stop;
        private boolean closed;

        /** How the jobs at work are brought to an end. */
        record Stop(Duration softLimit, Runnable endWork) {}

        Here(JobQueue.Running claims, Lookout lookout, Workers register, Slots slots, String name, Stop stop) {
            this.claims = claims;
            this.lookout = lookout;
            this.register = register;
            this.slots = slots;
            this.name = name;
            this.stop = stop;
        }

        @Override
        public void wake() {
            claims.wake();
        }

        @Override
        public boolean isDrained() {
            return lookout.isDrained();
        }

        @Override
        public void whenDrained(Runnable then) {
            lookout.whenDrained(then);
        }

        @Override
        public void pause() {
            claims.pause();
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            claims.stop(stop.softLimit(), stop.endWork());
            lookout.close();
            register.left(name);
            slots.close();
        }
    }
}
