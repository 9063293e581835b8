package io.loreley.worker;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the disk of a folder has room for another job: a checkout, what an agent adds, and its logs. */
public record FreeSpace(Path folder) {

    private static final long ENOUGH = 64L << 20;
    /** Of a disk so small that it never has that much. */
    private static final int SHARE = 20;

    /** @throws LoreleyException of kind STORAGE if the folder is gone */
    boolean isEnough() {
        try {
            FileStore disk = Files.getFileStore(folder);
            return disk.getUsableSpace() >= Math.min(ENOUGH, disk.getTotalSpace() / SHARE);
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE, "the disk of %s cannot be asked: %s".formatted(folder, e.getMessage()), e);
        }
    }
}
