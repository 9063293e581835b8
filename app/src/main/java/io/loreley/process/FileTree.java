package io.loreley.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Folders that somebody else filled: symbolic links are never followed, and no permission is taken for granted. */
public final class FileTree {

    private FileTree() {}

    /**
     * Deletes a file, a link or a folder with all it holds, however deep; nothing if there is nothing. Others may do so
     * meanwhile.
     */
    public static void delete(Path root) throws IOException {
        Deque<Path> waiting = new ArrayDeque<>(List.of(root));
        while (!waiting.isEmpty()) {
            int known = waiting.size();
            Path next = waiting.getLast();
            if (Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
                Files.walkFileTree(next, new Deletion(root, waiting));
            }
            if (waiting.size() == known) {
                waiting.removeLast();
            }
        }
    }

    /** The entries called {@code name} anywhere below {@code root}, not looking into them, nor into {@code except}. */
    public static List<Path> named(String name, Path root, Set<Path> except) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                if (except.contains(folder)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                return isNamed(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                isNamed(file);
                return FileVisitResult.CONTINUE;
            }

            private boolean isNamed(Path entry) {
                return entry.endsWith(name) && found.add(entry);
            }
        });
        return found;
    }

    /** Makes folders all the way, in place of what somebody may have left there instead: links to elsewhere, files. */
    public static void makeFolders(Path root, Path folder) throws IOException {
        Files.createDirectories(root);
        Path place = root;
        for (Path name : root.relativize(folder)) {
            place = place.resolve(name);
            if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)
                    && !name.toString().isEmpty()) {
                Files.deleteIfExists(place);
                Files.createDirectory(place);
            }
        }
    }

    /** Makes a file or a folder ours to read and write again, whatever permissions somebody left it with. */
    public static void reclaim(Path entry) throws IOException {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.isReadable(entry) || !Files.isWritable(entry) || !Files.isExecutable(entry)) {
                open(entry);
            }
        } else if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
                && !(Files.isReadable(entry) && Files.isWritable(entry))) {
            Files.setPosixFilePermissions(entry, PosixFilePermissions.fromString("rw-------"));
        }
    }

    /** Makes all files and folders below, and the folder itself, ours to read. What can be read stays as it is. */
    public static void makeReadable(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (!Files.isExecutable(folder)) {
                    open(folder);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && !Files.isReadable(file)) {
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
                }
                return FileVisitResult.CONTINUE;
            }

            // A folder that cannot be listed is reported as a failed file.
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) || Files.isReadable(file)) {
                    throw failure;
                }
                open(file);
                makeReadable(file);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void open(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    /**
     * Deletes as it goes. A program can make a folder so deep that no path reaches its end: what lies deep is moved up, and
     * waits there.
     */
    private static final class Deletion extends SimpleFileVisitor<Path> {

        /** Characters; a system call takes some four thousand, and each folder on the way holds a file descriptor. */
        private static final int LONGEST_PATH = 1000;

        private final Path root;
        private final Deque<Path> waiting;

        /**
         * @param waiting the root first, which goes last
         */
        Deletion(Path root, Deque<Path> waiting) {
            this.root = root;
            this.waiting = waiting;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
            if (!Files.isWritable(folder) || !Files.isExecutable(folder)) {
                open(folder);
            }
            if (folder.toString().length() - root.toString().length() > LONGEST_PATH) {
                waiting.add(Files.move(folder, root.resolve("deep-" + UUID.randomUUID())));
                return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        // A folder that cannot be listed is reported as a failed file: open it, and walk it from here.
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) || Files.isReadable(file)) {
                throw failure;
            }
            open(file);
            delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            if (!folder.equals(root) || waiting.size() == 1) {
                Files.deleteIfExists(folder);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
