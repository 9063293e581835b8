package io.loreley.process;

/** How a command ended. */
public sealed interface Ending {

    /** By itself, or by a signal that was not ours (then the code is 128 + signal). */
    record Exited(int code) implements Ending {

        public boolean success() {
            return code == 0;
        }
    }

    /** Killed at its time limit. */
    record TimedOut() implements Ending {}

    /** Killed because it wrote nothing for as long as it may. */
    record WentSilent() implements Ending {}

    /** Killed because its onlooker said so. */
    record CalledOff() implements Ending {}

    /** Wrote more than its output limit; the files were cut to it. */
    record OutputExceeded() implements Ending {}

    /** Killed because it used more than it may of something. */
    record Exhausted(Resource resource) implements Ending {}

    /** What {@link Resources} bound. */
    enum Resource {
        MEMORY,
        CPU_TIME,
        PROCESSES
    }
}
