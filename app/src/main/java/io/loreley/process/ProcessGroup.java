package io.loreley.process;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A session of its own, and the process that leads it. A signal reaches every process of the group at once.
 *
 * <p>The kernel does not give the leader's number to another process as long as the group has members, and an empty
 * group is not signalled by anybody: the number may be used after the leader is gone.
 */
final class ProcessGroup {

    private static final int NONE = 0;
    static final int TERM = 15;
    static final int KILL = 9;

    /** How long a program may clean up after it was asked to end. */
    private static final Duration GRACE = Duration.ofMillis(500);

    /** How long a killed process may need to disappear; more means that it hangs in the kernel. */
    private static final Duration DEATH = Duration.ofSeconds(5);

    /** How long killed orphans may need to be collected by init; where init collects none, more waiting is no use. */
    private static final Duration COLLECTION = Duration.ofMillis(200);

    private static final MethodHandle KILL_CALL = killCall();

    private final Process leader;

    ProcessGroup(Process leader) {
        this.leader = leader;
    }

    /** Asks every process to end, and kills what has not after a short grace. Not cut short by an interrupt. */
    void terminate() {
        if (!signal(-leader.pid(), TERM)) {
            leader.destroy();
        }
        awaitLeader(GRACE);
        kill();
    }

    /** Kills every process of the group, the leader first if it has not come so far as to lead one. */
    void kill() {
        signal(-leader.pid(), KILL);
        if (leader.isAlive()) {
            leader.destroyForcibly();
            awaitLeader(DEATH);
        }
        if (signal(-leader.pid(), KILL)) {
            awaitEmpty();
        }
    }

    /** Whether there was such a process. A signal that the system forbids counts as none. */
    static boolean kill(long pid) {
        return signal(pid, KILL);
    }

    private void awaitLeader(Duration time) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + time.toNanos();
        while (leader.isAlive() && System.nanoTime() < deadline) {
            try {
                leader.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitEmpty() {
        boolean interrupted = Thread.interrupted();
        long deadline = System.nanoTime() + COLLECTION.toNanos();
        while (signal(-leader.pid(), NONE) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(500_000);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the system let us send it. */
    static boolean signal(long pid, int number) {
        return Downcall.of(() -> (int) KILL_CALL.invokeExact((int) pid, number)) == 0;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle killCall() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("kill"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }
}
