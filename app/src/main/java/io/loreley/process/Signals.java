package io.loreley.process;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code kill(2)}: Java itself can signal a process, not a group. */
final class Signals {

    static final int TERM = 15;
    static final int KILL = 9;

    private static final MethodHandle KILL_2 = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private Signals() {}

    /**
     * Signals every process of a group.
     *
     * @return false if there is none left
     */
    static boolean toGroup(long group, int signal) {
        if (group <= 1) {
            throw new IllegalArgumentException("group %d is not one that we started".formatted(group));
        }
        try {
            return (int) KILL_2.invokeExact((int) -group, signal) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("kill(2) cannot be called", e);
        }
    }
}
