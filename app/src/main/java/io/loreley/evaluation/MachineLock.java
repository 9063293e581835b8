package io.loreley.evaluation;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * A lock on a file, between the processes of a machine: the kernel drops it when its process dies. Two threads of one
 * process must not ask for the same at once.
 */
record MachineLock(FileChannel channel) implements AutoCloseable {

    /** Waits for it. */
    static MachineLock take(Path file, boolean isShared) throws InterruptedException {
        FileChannel channel = null;
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel.lock(0, Long.MAX_VALUE, isShared);
            return new MachineLock(channel);
        } catch (IOException e) {
            if (channel != null) {
                new MachineLock(channel).close();
            }
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException("told to stop").initCause(e);
            }
            throw new LoreleyException(FailureKind.STORAGE, "cannot lock %s: %s".formatted(file, e.getMessage()), e);
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
