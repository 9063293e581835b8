package io.loreley.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A child that {@link Spawner} started, its streams connected to files. A thread waits in the kernel for its end, and
 * whoever waits for that thread, virtual ones included, holds no carrier.
 */
final class SpawnedProcess extends Process {

    private static final int EINTR = 4;
    /** What a shell and the JDK answer for a process that a signal ended. */
    private static final int SIGNAL_BASE = 128;
    /** What the JDK answers where the system keeps no exit codes, since whoever started the JVM ignores SIGCHLD. */
    private static final int UNKNOWN = -1;

    private static final VarHandle ERROR =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle WAITPID = waitpid();

    private static final ExecutorService WAITING = Executors.newCachedThreadPool(Thread.ofPlatform()
            .name("waits-for-program-", 0)
            .daemon()
            .stackSize(256 << 10)
            .factory());

    private final int number;
    private final CompletableFuture<Integer> end;

    private SpawnedProcess(int number, CompletableFuture<Integer> end) {
        this.number = number;
        this.end = end;
    }

    /** Begins to wait for a child of ours. */
    static SpawnedProcess of(int number) {
        return new SpawnedProcess(number, CompletableFuture.supplyAsync(() -> exitCode(number), WAITING));
    }

    private static int exitCode(int number) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
            while (Downcall.of(() -> (int) WAITPID.invokeExact(state, number, status, 0)) != number) {
                if ((int) ERROR.get(state, 0L) != EINTR) {
                    return UNKNOWN;
                }
            }
            int told = status.get(ValueLayout.JAVA_INT, 0);
            int signal = told & 0x7f;
            return signal == 0 ? (told >> 8) & 0xff : SIGNAL_BASE + signal;
        }
    }

    @Override
    public long pid() {
        return number;
    }

    @Override
    public boolean isAlive() {
        return !end.isDone();
    }

    @Override
    public int waitFor() throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw new AssertionError("a wait for a child ends with its exit code", e);
        }
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            end.get(Math.max(0, timeout), unit);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("a wait for a child ends with its exit code", e);
        }
    }

    @Override
    public int exitValue() {
        if (isAlive()) {
            throw new IllegalThreadStateException("process %d has not ended".formatted(number));
        }
        return end.join();
    }

    @Override
    public void destroy() {
        signal(ProcessGroup.TERM);
    }

    @Override
    public Process destroyForcibly() {
        signal(ProcessGroup.KILL);
        return this;
    }

    private void signal(int signal) {
        if (isAlive()) {
            ProcessGroup.signal(number, signal);
        }
    }

    @Override
    public OutputStream getOutputStream() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public InputStream getInputStream() {
        return InputStream.nullInputStream();
    }

    @Override
    public InputStream getErrorStream() {
        return InputStream.nullInputStream();
    }

    @SuppressWarnings("restricted")
    private static MethodHandle waitpid() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("waitpid"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.captureCallState("errno"));
    }
}
