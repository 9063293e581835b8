package io.loreley.process;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for room on a disk, as long as an outage may last: what cannot be written was paid for. What fails on a disk that has
 * room fails at once. Safe for many threads.
 */
public final class FullDisk {

    private static final Logger LOG = LoggerFactory.getLogger(FullDisk.class);

    private static final long ENOUGH = 64L << 20;
    /** Of a disk so small that it never has that much. */
    private static final int SHARE = 20;

    private final BooleanSupplier isFull;
    private final Supplier<Endurance> outages;

    /** @param outages begins one */
    FullDisk(BooleanSupplier isFull, Supplier<Endurance> outages) {
        this.isFull = isFull;
        this.outages = outages;
    }

    /** The disk on which a folder lies. */
    public static FullDisk of(Path folder) {
        return new FullDisk(() -> Files.isDirectory(folder) && isFull(folder), Endurance::new);
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
        Endurance outage = outages.get();
        while (true) {
            try {
                write.run();
                return;
            } catch (LoreleyException e) {
                if (e.kind() != FailureKind.STORAGE || !isFull.getAsBoolean()) {
                    throw e;
                }
                LOG.atWarn()
                        .addKeyValue("pause_ms", outage.pause().toMillis())
                        .setCause(e)
                        .log("disk.full");
                switch (outage.await()) {
                    case TRY_AGAIN -> {}
                    case GIVE_UP -> throw e;
                    case STOP ->
                        throw new LoreleyException(FailureKind.INTERRUPTED, "told to stop while the disk was full", e);
                }
            }
        }
    }
}
