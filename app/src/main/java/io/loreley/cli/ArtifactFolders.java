package io.loreley.cli;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobId;
import io.loreley.domain.LoreleyException;
import io.loreley.process.FileTree;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The artifact store of this machine: a folder an experiment, in it a folder a job. */
final class ArtifactFolders {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Path store;

    ArtifactFolders(Path store) {
        this.store = store;
    }

    /**
     * What one job, or one experiment, left.
     *
     * @param bytes 0 for an experiment, which is the sum of its jobs
     */
    record Folder<T>(T owner, Path path, long bytes) {}

    List<Folder<ExperimentId>> experiments() {
        return folders(store).stream()
                .map(folder -> new Folder<>(new ExperimentId(id(folder)), folder, 0))
                .toList();
    }

    List<Folder<JobId>> jobs(Path experiment) {
        return folders(experiment).stream()
                .map(folder -> new Folder<>(new JobId(id(folder)), folder, size(folder)))
                .toList();
    }

    void delete(Path folder) {
        try {
            FileTree.delete(folder);
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot delete " + folder, e);
        }
    }

    /** Only what has the name of an id is ours. */
    private static List<Path> folders(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return new ArrayList<>(entries.filter(Files::isDirectory)
                    .filter(entry ->
                            ID.matcher(String.valueOf(entry.getFileName())).matches())
                    .sorted()
                    .toList());
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot read " + parent, e);
        }
    }

    private static UUID id(Path folder) {
        return UUID.fromString(String.valueOf(folder.getFileName()));
    }

    static long size(Path folder) {
        long[] bytes = {0};
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    bytes[0] += attributes.size();
                    return FileVisitResult.CONTINUE;
                }

                // What an agent locked, or a job at work removes, counts as nothing.
                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot measure " + folder, e);
        }
        return bytes[0];
    }
}
