package io.loreley.process;

/** Looks on while a command runs, a few dozen times a second, from the thread that runs it. */
@FunctionalInterface
public interface Onlooker {

    /** Whether the command may go on. It is killed if not, and has {@link Ending.CalledOff}. */
    boolean look();
}
