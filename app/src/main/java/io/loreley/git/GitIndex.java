package io.loreley.git;

import io.loreley.domain.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An index file as git wrote it, of version 2 or 3 and with SHA-1 names: the files, sorted by path, and the names of those
 * folders' trees that git still knows. The layout is that of git's own documentation, <a
 * href="https://git-scm.com/docs/index-format">gitformat-index</a>.
 *
 * <p>A path is a string of bytes, one for each character, since git knows no encoding.
 */
final class GitIndex {

    private static final int SIGNATURE = 0x44495243; // DIRC
    private static final int CACHE_TREE = 0x54524545; // TREE
    private static final int HEADER = 12;

    private static final int MODE_AT = 24;
    private static final int OBJECT_AT = 40;
    private static final int OBJECT = 20;
    private static final int FLAGS_AT = OBJECT_AT + OBJECT;
    private static final int PATH_AT = FLAGS_AT + Short.BYTES;

    private static final int EXTENDED = 0x4000;
    private static final int STAGE = 0x3000;
    private static final int PATH_LENGTH = 0x0fff;
    private static final int INTENT_TO_ADD = 0x2000;

    /** Of an extension that nobody may ignore, such as a split or sparse index, the signature begins with a small letter. */
    private static final int SMALL = 0x20000000;

    private static final int SUBMODULE = Integer.parseInt(FileMode.SUBMODULE_OCTAL, 8);
    private static final Set<Integer> MODES = Set.of(0100644, 0100755, 0120000, SUBMODULE);

    private final byte[] file;
    private final int[] starts;
    private final String[] paths;
    private final Map<String, KnownTree> trees = new HashMap<>();

    /**
     * The name of a folder's tree.
     *
     * @param files how many of the index lie in the folder, at any depth
     */
    record KnownTree(String name, int files) {}

    private GitIndex(byte[] file, int count) {
        this.file = file;
        this.starts = new int[count];
        this.paths = new String[count];
    }

    /** Empty if it cannot be used: it is missing, not whole, of another layout, or holds what is not quite a file. */
    static Optional<GitIndex> read(Path path) {
        return read(path, GitIndex::isWhole);
    }

    /**
     * As {@link #read(Path)} of an index with SHA-1 names that git has written just now, whose checksum is taken for right: to
     * compute it takes longer than all the rest.
     */
    static Optional<GitIndex> readFresh(Path path) {
        return read(path, file -> file.length >= HEADER + OBJECT);
    }

    private static Optional<GitIndex> read(Path path, Predicate<byte[]> isGood) {
        try {
            byte[] file = Files.readAllBytes(path);
            return isGood.test(file) ? parse(file) : Optional.empty();
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The checksum tells the hash's length, too: of a SHA-256 index, the last 20 bytes are none. */
    private static boolean isWhole(byte[] file) {
        if (file.length < HEADER + OBJECT) {
            return false;
        }
        var sha1 = Digests.sha1();
        sha1.update(file, 0, file.length - OBJECT);
        return Arrays.equals(sha1.digest(), 0, OBJECT, file, file.length - OBJECT, file.length);
    }

    private static Optional<GitIndex> parse(byte[] file) {
        var numbers = ByteBuffer.wrap(file, 0, file.length - OBJECT);
        int version = numbers.getInt(Integer.BYTES);
        if (numbers.getInt(0) != SIGNATURE || (version != 2 && version != 3)) {
            return Optional.empty();
        }
        var index = new GitIndex(file, numbers.getInt(HEADER - Integer.BYTES));
        return index.readFiles(numbers) && index.readExtensions(numbers) ? Optional.of(index) : Optional.empty();
    }

    private boolean readFiles(ByteBuffer numbers) {
        int at = HEADER;
        for (int i = 0; i < starts.length; i++) {
            int flags = numbers.getShort(at + FLAGS_AT);
            int path = at + PATH_AT;
            if ((flags & EXTENDED) != 0) {
                if ((numbers.getShort(path) & INTENT_TO_ADD) != 0) {
                    return false;
                }
                path += Short.BYTES;
            }
            if ((flags & STAGE) != 0 || !MODES.contains(numbers.getInt(at + MODE_AT))) {
                return false;
            }
            int end = path + (flags & PATH_LENGTH);
            while (file[end] != 0) { // a longer path than can be said
                end++;
            }
            starts[i] = at;
            paths[i] = text(path, end);
            at += (end - at + Long.BYTES) / Long.BYTES * Long.BYTES;
        }
        numbers.position(at);
        return true;
    }

    private boolean readExtensions(ByteBuffer numbers) {
        while (numbers.hasRemaining()) {
            int signature = numbers.getInt();
            int size = numbers.getInt();
            if ((signature & SMALL) != 0) {
                return false;
            }
            if (signature == CACHE_TREE) {
                readTrees(numbers.duplicate(), "");
            }
            numbers.position(numbers.position() + size);
        }
        return true;
    }

    /** A folder, and then those in it: name, number of files (negative if the tree is not known) and of folders, tree. */
    private void readTrees(ByteBuffer from, String parent) {
        String folder = parent + wordUntil(from, '\0');
        int files = Integer.parseInt(wordUntil(from, ' '));
        int folders = Integer.parseInt(wordUntil(from, '\n'));
        if (files >= 0) {
            trees.put(folder, new KnownTree(hex(from.position()), files));
            from.position(from.position() + OBJECT);
        }
        for (int i = 0; i < folders; i++) {
            readTrees(from, folder.isEmpty() ? "" : folder + "/");
        }
    }

    private String wordUntil(ByteBuffer from, char last) {
        int start = from.position();
        int end = start;
        while (file[end] != last) {
            end++;
        }
        from.position(end + 1);
        return text(start, end);
    }

    private String text(int from, int to) {
        return new String(file, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private String hex(int at) {
        return HexFormat.of().formatHex(file, at, at + OBJECT);
    }

    int size() {
        return paths.length;
    }

    String path(int i) {
        return paths[i];
    }

    /** As git counts them. */
    int mode(int i) {
        return ByteBuffer.wrap(file).getInt(starts[i] + MODE_AT);
    }

    boolean isSubmodule(int i) {
        return mode(i) == SUBMODULE;
    }

    boolean hasSubmodules() {
        return IntStream.range(0, size()).anyMatch(this::isSubmodule);
    }

    /** The name of the file's blob, or of the submodule's commit. */
    String object(int i) {
        return hex(starts[i] + OBJECT_AT);
    }

    /**
     * The tree of a folder, if git knows it.
     *
     * @param folder without a slash at its end; empty for the root
     */
    @Nullable
    KnownTree tree(String folder) {
        return trees.get(folder);
    }
}
