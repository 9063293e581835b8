package io.loreley.agent;

import io.loreley.agent.mutation.Text;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of a work tree that may be edited: plain, not hidden, not large, and text. */
final class TextFiles {

    /** Larger files are data or generated, and an edit of one line in them is lost. */
    static final long SIZE_LIMIT = 256 * 1024;

    private final Path root;

    /** By what they are called here: where LANG is C, the name of a file need not lead back to it. */
    private final Map<String, Path> found = new HashMap<>();

    TextFiles(Path root) {
        this.root = root.normalize();
    }

    /** Paths of candidates, sorted, with slashes; whether they are text is seen when they are read. */
    List<String> paths() {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    return !folder.equals(root) && isHidden(folder)
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()
                            && attributes.size() > 0
                            && attributes.size() <= SIZE_LIMIT
                            && !isHidden(file)) {
                        found.put(root.relativize(file).toString(), file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw failed("read", root, e);
        }
        return found.keySet().stream().sorted().toList();
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    /** Empty if there is no such file, or it is no text. */
    Optional<Text> read(String path) {
        return at(path).filter(
                        file -> isReachedWithoutLinks(file) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                .flatMap(file -> {
                    try {
                        return Text.decode(Files.readAllBytes(file));
                    } catch (IOException e) {
                        throw failed("read", file, e);
                    }
                });
    }

    /** Empty for a name that no file can have here. */
    private Optional<Path> at(String path) {
        try {
            Path known = found.get(path);
            return Optional.of(known == null ? root.resolve(path) : known);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Whether a file can be made there. */
    boolean isFree(String path) {
        return at(path).filter(file -> isReachedWithoutLinks(file) && !Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                .isPresent();
    }

    /** A folder that is a link may lead out of the work tree; a file in place of a folder leads nowhere. */
    private boolean isReachedWithoutLinks(Path file) {
        Path folder = file.normalize().getParent();
        while (folder != null && !folder.equals(root)) {
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            folder = folder.getParent();
        }
        return folder != null;
    }

    void write(String path, Text text) {
        Path file = at(path).orElseThrow();
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text.content());
        } catch (IOException e) {
            throw failed("write", file, e);
        }
    }

    private static LoreleyException failed(String what, Path file, IOException e) {
        return new LoreleyException(FailureKind.STORAGE, "Cannot %s %s: %s".formatted(what, file, e.getMessage()), e);
    }
}
