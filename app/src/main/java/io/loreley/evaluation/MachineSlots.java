package io.loreley.evaluation;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who may evaluate on this machine now: any number at once, or one alone. It holds for all threads of this process by
 * locks in memory, and between processes that share a folder by locks on files, which the kernel drops when a process
 * dies. Whoever waits to be alone lets nobody else begin, so that it is not kept waiting for ever.
 */
public final class MachineSlots {

    private final Path folder;
    /** Held while one begins; by one that wants to be alone until it is. */
    private final ReentrantLock turnstile = new ReentrantLock(true);

    private final Object state = new Object();
    private int sharing;
    private boolean alone;
    private @Nullable Held main;

    /** @param folder where the files for the locks are; one for all processes that are to know of each other */
    public MachineSlots(Path folder) {
        this.folder = folder;
    }

    /** The right to evaluate, until it is closed. */
    interface Right extends AutoCloseable {
        @Override
        void close();
    }

    /** Waits for the right to evaluate. */
    Right enter(boolean exclusive) throws InterruptedException {
        turnstile.lockInterruptibly();
        try (Held _ = Held.of(folder, "evaluations.turn", false)) {
            return exclusive ? alone() : shared();
        } finally {
            turnstile.unlock();
        }
    }

    private Right shared() throws InterruptedException {
        synchronized (state) {
            while (alone) {
                state.wait();
            }
            if (sharing == 0) {
                main = Held.of(folder, "evaluations.lock", true);
            }
            sharing++;
        }
        return () -> {
            synchronized (state) {
                sharing--;
                if (sharing == 0) {
                    release();
                }
            }
        };
    }

    private Right alone() throws InterruptedException {
        synchronized (state) {
            while (alone || sharing > 0) {
                state.wait();
            }
            alone = true;
        }
        try {
            Held held = Held.of(folder, "evaluations.lock", false);
            synchronized (state) {
                main = held;
            }
        } catch (InterruptedException | LoreleyException e) {
            leave();
            throw e;
        }
        return this::leave;
    }

    private void leave() {
        synchronized (state) {
            alone = false;
            release();
        }
    }

    private void release() {
        if (main != null) {
            main.close();
            main = null;
        }
        state.notifyAll();
    }

    /** A lock on a file. */
    private record Held(FileChannel channel) implements AutoCloseable {

        static Held of(Path folder, String name, boolean isShared) throws InterruptedException {
            FileChannel channel = null;
            try {
                Files.createDirectories(folder);
                channel = FileChannel.open(
                        folder.resolve(name),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
                FileLock lock = channel.lock(0, Long.MAX_VALUE, isShared);
                return new Held(lock.acquiredBy() instanceof FileChannel locked ? locked : channel);
            } catch (IOException e) {
                if (channel != null) {
                    new Held(channel).close();
                }
                if (Thread.interrupted()) {
                    throw (InterruptedException) new InterruptedException("told to stop").initCause(e);
                }
                throw new LoreleyException(
                        FailureKind.STORAGE, "cannot lock %s: %s".formatted(folder.resolve(name), e.getMessage()), e);
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new LoreleyException(FailureKind.STORAGE, "cannot give back a lock: " + e.getMessage(), e);
            }
        }
    }
}
