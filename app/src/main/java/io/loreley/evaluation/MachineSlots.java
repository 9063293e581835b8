package io.loreley.evaluation;

import io.loreley.domain.LoreleyException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who may evaluate on this machine now: any number at once, or one alone. It holds for all threads of this process by
 * locks in memory, and between processes that share a folder by locks on files, which the kernel drops when a process
 * dies. Whoever waits to be alone lets nobody else begin, so that it is not kept waiting for ever.
 */
public final class MachineSlots {

    private final Path folder;
    /** MachineLock while one begins; by one that wants to be alone until it is. */
    private final ReentrantLock turnstile = new ReentrantLock(true);

    private final Object state = new Object();
    private int sharing;
    private boolean alone;
    private @Nullable MachineLock main;

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
        try (MachineLock _ = MachineLock.take(folder.resolve("evaluations.turn"), false)) {
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
                main = MachineLock.take(folder.resolve("evaluations.lock"), true);
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
            MachineLock held = MachineLock.take(folder.resolve("evaluations.lock"), false);
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
}
