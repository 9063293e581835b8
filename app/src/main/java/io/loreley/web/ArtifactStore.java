package io.loreley.web;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobId;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that attempts left. Programs wrote into these folders, so nothing in them is trusted: no link is followed, and
 * nothing outside a job's folder is read, whatever a path says.
 */
final class ArtifactStore {

    private static final int MOST_FILES = 500;
    private static final int DEEPEST = 8;
    /** Bytes that a viewer is shown at once. */
    private static final int SHOWN = 512 * 1024;

    private final Path store;

    ArtifactStore(Path store) {
        this.store = store;
    }

    /** A file of a job. */
    record File(String path, long bytes, Instant changedAt) {}

    /** Sorted by path. */
    List<File> files(ExperimentId experiment, JobId job) {
        Path folder = folder(experiment, job);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        List<File> found = new ArrayList<>();
        try {
            Files.walkFileTree(folder, Set.of(), DEEPEST, new Finder(folder, found));
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
        found.sort(Comparator.comparing(File::path));
        return found;
    }

    /**
     * A part of a file.
     *
     * @param from the first byte; negative counts from the end, and no further back than is shown at once
     */
    Part read(ExperimentId experiment, JobId job, String path, long from) {
        Path file = inside(folder(experiment, job), path);
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long size = in.length();
            long start = Math.clamp(from < 0 ? size + Math.max(from, -SHOWN) : from, 0, size);
            byte[] bytes = new byte[(int) Math.min(SHOWN, size - start)];
            in.seek(start);
            in.readFully(bytes);
            return new Part(file, path, size, start, bytes);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private Path folder(ExperimentId experiment, JobId job) {
        return store.resolve(experiment.toString()).resolve(job.toString());
    }

    private static Path inside(Path folder, String path) {
        try {
            Path file = folder.resolve(path).normalize();
            if (file.startsWith(folder)
                    && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && file.toRealPath().startsWith(folder.toRealPath())) {
                return file;
            }
        } catch (InvalidPathException | IOException e) {
            throw Problem.notFound("there is no such file");
        }
        throw Problem.notFound("there is no such file");
    }

    private static LoreleyException unreadable(Path file, IOException e) {
        return new LoreleyException(FailureKind.STORAGE, "cannot read %s: %s".formatted(file, e.getMessage()), e);
    }

    /** Bytes of a file from a place on. */
    @SuppressWarnings("ArrayRecordComponent") // read once, written once
    record Part(Path file, String path, long size, long from, byte[] bytes) {

        /** As text; what is no UTF-8 is replaced. */
        Map<String, Object> body() {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("path", path);
            body.put("bytes", size);
            body.put("from", from);
            body.put("to", from + bytes.length);
            body.put("text", new String(bytes, StandardCharsets.UTF_8));
            return body;
        }

        /** The whole file, for saving: never as a page. */
        Reply download() {
            String name = String.valueOf(file.getFileName()).replaceAll("[^A-Za-z0-9._-]", "_");
            return new Reply.Stream(
                    "application/octet-stream",
                    Map.of("Content-Disposition", "attachment; filename=\"%s\"".formatted(name)),
                    out -> {
                        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                            in.transferTo(out);
                        }
                    });
        }
    }

    /** Passes over what cannot be read, or goes while it is looked at: the rest is there to be seen. */
    private static final class Finder extends SimpleFileVisitor<Path> {

        private final Path folder;
        private final List<File> found;

        Finder(Path folder, List<File> found) {
            this.folder = folder;
            this.found = found;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                found.add(new File(
                        folder.relativize(file).toString(),
                        attributes.size(),
                        attributes.lastModifiedTime().toInstant()));
            }
            return found.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }
}
