package io.loreley.git;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.FileTree;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The bare repository of a hub on disk: how it is made, and how it is configured. */
final class HubFolder {

    /** More are packed: some hundred jobs' worth. */
    static final int LOOSE_OBJECTS = 4000;

    private static final String MARKER = "loreley-hub";

    /** Only Loreley knows which unreferenced objects belong to work that is going on, so git must not collect any. */
    private static final String CONFIG = """
            [core]
            	logAllRefUpdates = false
            	autocrlf = false
            	fsync = committed,reference
            	fsyncMethod = batch
            	filesRefLockTimeout = 10000
            [gc]
            	auto = 0
            [maintenance]
            	auto = false
            """;

    private HubFolder() {}

    /**
     * Puts all refs into one file, and loose objects into a pack, whether a ref leads to them or not; takes away none that is in
     * no pack. Git leaves the objects if there are fewer, or another process is at it, and deletes what it packed only the
     * next time: whoever found the file before still finds it.
     *
     * @param looseObjects fewer are left loose
     * @param longAgo a lock from before was left by a process that was killed
     */
    static void pack(Path place, Git git, int looseObjects, Instant longAgo) {
        try {
            Path lock = place.resolve("objects/maintenance.lock");
            if (Files.exists(lock)
                    && Files.getLastModifiedTime(lock).toInstant().isBefore(longAgo)) {
                Files.deleteIfExists(lock);
            }
        } catch (NoSuchFileException e) {
            // Whoever had it is done.
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE, "the repository %s cannot be packed: %s".formatted(place, e.getMessage()), e);
        }
        // Each candidate has a ref, and git reads them all whenever it talks to another repository.
        git.run("pack-refs", "--all");
        git.run(
                "-c",
                "maintenance.loose-objects.auto=" + looseObjects,
                "maintenance",
                "run",
                "--auto",
                "--quiet",
                "--task=loose-objects");
    }

    /** Creates the repository, unless it is there. */
    static void ensure(Path place, ProcessRunner processes) {
        if (!Files.exists(place.resolve(MARKER))) {
            create(place, processes);
        }
    }

    /** Made beside its place and moved there whole: of two that do so at once, the second finds the first one's. */
    private static void create(Path place, ProcessRunner processes) {
        Path draft = null;
        try {
            Path parent = Objects.requireNonNull(place.getParent(), "a hub cannot be the root of the file system");
            Files.createDirectories(parent);
            draft = Files.createTempDirectory(parent, "hub-");
            Git.own(processes, draft).run("init", "--quiet", "--bare", "--template=", "--initial-branch=main");
            Files.writeString(draft.resolve("config"), CONFIG, StandardOpenOption.APPEND);
            Files.writeString(draft.resolve(MARKER), "This repository belongs to Loreley.\n");
            Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            discard(draft);
            if (!Files.exists(place.resolve(MARKER))) {
                throw new LoreleyException(
                        FailureKind.STORAGE,
                        "the repository %s cannot be created: %s. A folder that holds anything else is left alone."
                                .formatted(place, e.getMessage()),
                        e);
            }
        }
    }

    private static void discard(@Nullable Path draft) {
        try {
            if (draft != null) {
                FileTree.delete(draft);
            }
        } catch (IOException e) {
            // It is in nobody's way, and the failure that led here is the one to be told.
        }
    }
}
