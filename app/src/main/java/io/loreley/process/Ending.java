package io.loreley.process;

/** How a command ended. */
public sealed interface Ending {

    /** By itself, or by a signal that was not ours: then the code is 128 plus the signal's number. */
    record Exited(int code) implements Ending {
        public boolean isSuccess() {
            return code == 0;
        }
    }

    /** Killed, because its time was up. */
    record TimedOut() implements Ending {}

    /** Killed, because it wrote too much. */
    record OutputExceeded() implements Ending {}
}
