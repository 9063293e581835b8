package io.loreley.worker;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether the disks of some folders have room for another job: a checkout, what an agent adds, its logs and temporary files. */
public record FreeSpace(List<Path> folders) {

    private static final long ENOUGH = 64L << 20;
    /** Of a disk so small that it never has that much. */
    private static final int SHARE = 20;

    public FreeSpace {
        folders = List.copyOf(folders);
    }

    /**
     * A folder whose disk has none; empty if all have.
     *
     * @throws LoreleyException of kind STORAGE if one is gone
     */
    Optional<Path> full() {
        return folders.stream().filter(folder -> !isEnough(folder)).findFirst();
    }

    private static boolean isEnough(Path folder) {
        try {
            FileStore disk = Files.getFileStore(folder);
            return disk.getUsableSpace() >= Math.min(ENOUGH, disk.getTotalSpace() / SHARE);
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE, "the disk of %s cannot be asked: %s".formatted(folder, e.getMessage()), e);
        }
    }
}
