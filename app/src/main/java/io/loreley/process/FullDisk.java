package io.loreley.process;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for room on a disk, as long as an outage may last: what cannot be written was paid for. What fails on a disk that has
 * room fails at once. Safe for many threads.
 */
public final class FullDisk {

    private static final Logger LOG = LoggerFactory.getLogger(FullDisk.class);

    private static final Duration OUTAGE = Duration.ofMinutes(15);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private static final long ENOUGH = 64L << 20;
    /** Of a disk so small that it never has that much. */
    private static final int SHARE = 20;

    private final BooleanSupplier isFull;
    private final Duration pause;

    FullDisk(BooleanSupplier isFull, Duration pause) {
        this.isFull = isFull;
        this.pause = pause;
    }

    /** The disk on which a folder lies. */
    public static FullDisk of(Path folder) {
        return new FullDisk(() -> Files.isDirectory(folder) && isFull(folder), PAUSE);
    }

    /**
     * Whether the disk of a folder has no room for another job: a checkout, what an agent adds, and its logs.
     *
     * @throws LoreleyException of kind STORAGE if the folder is gone
     */
    public static boolean isFull(Path folder) {
        try {
            FileStore disk = Files.getFileStore(folder);
            return disk.getUsableSpace() < Math.min(ENOUGH, disk.getTotalSpace() / SHARE);
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE, "the disk of %s cannot be asked: %s".formatted(folder, e.getMessage()), e);
        }
    }

    /**
     * Writes, again and again while the disk is full.
     *
     * @throws LoreleyException of kind STORAGE if it stays full, or is not; INTERRUPTED if this thread is told to stop meanwhile
     */
    public void outlast(Runnable write) {
        long deadline = System.nanoTime() + OUTAGE.toNanos();
        while (true) {
            try {
                write.run();
                return;
            } catch (LoreleyException e) {
                if (e.kind() != FailureKind.STORAGE || System.nanoTime() > deadline || !isFull.getAsBoolean()) {
                    throw e;
                }
                LOG.atWarn()
                        .addKeyValue("pause_ms", pause.toMillis())
                        .setCause(e)
                        .log("disk.full");
                sleep(e);
            }
        }
    }

    private void sleep(LoreleyException cause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoreleyException(FailureKind.INTERRUPTED, "told to stop while the disk was full", cause);
        }
    }
}
