package io.loreley.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/**
 * What lies in a folder besides the files of an index: what {@code git clean -ffdx} would take away. In doubt there is
 * something, and git must look: a name that cannot be compared byte for byte, a submodule, a folder that cannot be read.
 */
final class Leftovers {

    /** Where a name is decoded in another way, only one of ASCII characters is known byte for byte. */
    private static final boolean NAMES_ARE_UTF_8 = "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));

    private static final char UNDECODABLE = '\uFFFD';

    private Leftovers() {}

    /** Whether the folder holds surely nothing else than the index's files, and their folders. */
    static boolean areNone(Path root, GitIndex index) {
        Set<String> files = HashSet.newHashSet(index.size());
        Set<String> folders = new HashSet<>();
        for (int i = 0; i < index.size(); i++) {
            if (index.isSubmodule(i)) {
                return false;
            }
            String path = index.path(i);
            files.add(path);
            int slash = path.lastIndexOf('/');
            while (slash > 0 && folders.add(path.substring(0, slash))) {
                slash = path.lastIndexOf('/', slash - 1);
            }
        }
        try {
            var search = new Search(root, files, folders);
            Files.walkFileTree(root, search);
            return !search.found;
        } catch (IOException e) {
            return false;
        }
    }

    private static final class Search extends SimpleFileVisitor<Path> {

        private final Path root;
        private final int prefix;
        private final Set<String> files;
        private final Set<String> folders;
        private boolean found;

        Search(Path root, Set<String> files, Set<String> folders) {
            this.root = root;
            this.prefix = root.toString().length() + 1;
            this.files = files;
            this.folders = folders;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return goOnIf(folder.equals(root) || isNamed(folder, folders));
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return goOnIf((attributes.isRegularFile() || attributes.isSymbolicLink()) && isNamed(file, files));
        }

        private FileVisitResult goOnIf(boolean known) {
            found = !known;
            return known ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
        }

        private boolean isNamed(Path entry, Set<String> names) {
            String name = entry.toString().substring(prefix);
            if (isAscii(name)) {
                return names.contains(name);
            }
            return NAMES_ARE_UTF_8
                    && name.indexOf(UNDECODABLE) < 0
                    && names.contains(new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        }

        private static boolean isAscii(String name) {
            for (int i = 0; i < name.length(); i++) {
                if (name.charAt(i) >= 0x80) {
                    return false;
                }
            }
            return true;
        }
    }
}
