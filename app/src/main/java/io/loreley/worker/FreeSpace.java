package io.loreley.worker;

import io.loreley.domain.LoreleyException;
import io.loreley.process.FullDisk;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether the disks of some folders have room for another job: a checkout, what an agent adds, its logs and temporary files. */
public record FreeSpace(List<Path> folders) {

    public FreeSpace {
        folders = List.copyOf(folders);
    }

    /**
     * A folder whose disk has none; empty if all have.
     *
     * @throws LoreleyException of kind STORAGE if one is gone
     */
    Optional<Path> full() {
        return folders.stream().filter(FullDisk::isFull).findFirst();
    }
}
