package io.loreley.evaluation;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * An evaluator's files as they were when its experiment began: copied out of the project, checked against their hashes,
 * and what {@code ${project}} stands for in the evaluator's commands. Whatever else the project holds is reached from
 * there by links, as it is now.
 *
 * <p>A candidate runs as the same user and may have written to the copy, so it is looked at before every evaluation, and
 * mended from the project: files that are not as they were, links that lead elsewhere, and what was put beside them, which an
 * interpreter might load. Safe for many threads.
 */
public final class Ground {

    /** Held while the copy is written to, as its file is by the process: locks on files are not between threads. */
    private static final ReentrantLock WRITING = new ReentrantLock();

    /** Not linked: what Python keeps there it would load in place of a pinned module. */
    private static final String BYTE_CODE = "__pycache__";

    private final Path project;
    private final Path copy;
    private final EvaluatorFiles files;
    private final List<String> overlay;
    /** Those of the copy that hold a pinned file somewhere below, each after the one that it is in. */
    private final SortedSet<Path> folders = new TreeSet<>();
    /** When a file or folder that was found good was last changed: the kernel's word, which no program can set back. */
    private final Map<Path, FileTime> good = new ConcurrentHashMap<>();

    private Ground(Path project, Path copy, EvaluatorFiles files, List<String> overlay) {
        this.project = project;
        this.copy = copy;
        this.files = files;
        this.overlay = overlay;
        for (String name : files.hashes().keySet()) {
            Path folder = copy.resolve(name).normalize().getParent();
            if (folder == null || !folder.startsWith(copy)) {
                throw new IllegalArgumentException("%s does not lie in the project".formatted(name));
            }
            while (folder != null && folder.startsWith(copy) && folders.add(folder)) {
                folder = folder.getParent();
            }
        }
    }

    /**
     * Copies the files, where that was not done before.
     *
     * @param files those that the experiment began with
     * @param folder the experiment's own
     * @throws LoreleyException with kind EVALUATOR_CHANGED if neither the copy nor the project holds one of them as it was
     */
    public static Ground pinned(EvaluatorSettings settings, Path project, EvaluatorFiles files, Path folder) {
        Path place = project.toAbsolutePath().normalize();
        if (files.hashes().isEmpty()) {
            return new Ground(place, place, files, settings.ground().laidOver());
        }
        Ground ground = new Ground(
                place,
                folder.toAbsolutePath().normalize(),
                files,
                settings.ground().laidOver());
        try {
            ground.writing(ground::check);
        } catch (IOException e) {
            throw unusable(folder, e);
        }
        return ground;
    }

    /** What {@code ${project}} stands for. */
    Path root() {
        return copy;
    }

    Path project() {
        return project;
    }

    /** Checks the copy, and lays over the checkout what belongs there. */
    void prepare(Path checkout) {
        try {
            if (!isGood()) {
                writing(this::check);
            }
            for (String path : overlay) {
                lay(path, checkout);
            }
        } catch (IOException e) {
            throw unusable(checkout, e);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    /** Other processes, and other threads, may lay out the same copy. */
    private void writing(Work work) throws IOException {
        WRITING.lock();
        try (MachineLock _ = MachineLock.take(copy.resolveSibling(copy.getFileName() + ".lock"), false)) {
            work.run();
        } catch (InterruptedException e) {
            throw new LoreleyException(FailureKind.INTERRUPTED, "told to stop while an evaluator was laid out", e);
        } finally {
            WRITING.unlock();
        }
    }

    private boolean isGood() throws IOException {
        for (Path folder : folders) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    || !changed(folder).equals(good.get(folder))) {
                return false;
            }
        }
        for (Map.Entry<String, String> entry : files.hashes().entrySet()) {
            if (!isGood(copy.resolve(entry.getKey()), entry.getValue())) {
                return false;
            }
        }
        return true;
    }

    private void check() throws IOException {
        for (Path folder : folders) {
            FileTree.makeFolders(Objects.requireNonNull(copy.getParent()), folder);
        }
        for (Map.Entry<String, String> entry : files.hashes().entrySet()) {
            Path file = copy.resolve(entry.getKey());
            if (!isGood(file, entry.getValue())) {
                mend(entry.getKey(), file, entry.getValue());
            }
        }
        for (Path folder : folders) {
            FileTime changed = changed(folder);
            if (removeStrangers(folder) + linkTheRest(folder) == 0) {
                good.put(folder, changed);
            } // else it is looked at once more before the next evaluation: somebody may write to it even now
        }
    }

    private boolean isGood(Path file, String hash) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        FileTime changed = changed(file);
        if (changed.equals(good.get(file))) {
            return true;
        }
        if (!EvaluatorFiles.sha256(file).equals(hash)) {
            return false;
        }
        good.put(file, changed);
        return true;
    }

    /** The inode's time where there is one; elsewhere every check reads the file. */
    private static FileTime changed(Path entry) throws IOException {
        try {
            return (FileTime) Files.getAttribute(entry, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
        } catch (UnsupportedOperationException e) {
            return FileTime.fromMillis(System.nanoTime());
        }
    }

    private void mend(String name, Path file, String hash) throws IOException {
        Path original = project.resolve(name);
        if (!Files.isRegularFile(original) || !EvaluatorFiles.sha256(original).equals(hash)) {
            throw new LoreleyException(
                    FailureKind.EVALUATOR_CHANGED,
                    "the evaluator's file %s is not the one that the experiment began with, and %s holds no good copy. Put the file back, or start anew with --new-experiment"
                            .formatted(original, copy));
        }
        Path draft = Files.createTempFile(Objects.requireNonNull(file.getParent()), ".pin", null);
        Files.copy(original, draft, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            FileTree.delete(file);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        good.put(file, changed(file));
    }

    /** @return how many there were */
    private int removeStrangers(Path folder) throws IOException {
        int removed = 0;
        for (Path entry : entries(folder)) {
            if (!isPinned(entry) && !isLink(entry)) {
                FileTree.delete(entry);
                removed++;
            }
        }
        return removed;
    }

    private boolean isPinned(Path entry) {
        return folders.contains(entry) || files.hashes().containsKey(EvaluatorFiles.slashed(copy.relativize(entry)));
    }

    /** Whether it leads where one of ours would: another process may have found more in the project than this one. */
    private boolean isLink(Path entry) throws IOException {
        return Files.isSymbolicLink(entry)
                && Files.readSymbolicLink(entry).equals(original(entry))
                && !entry.endsWith(BYTE_CODE);
    }

    /**
     * Beside each pinned file, its neighbours in the project.
     *
     * @return how many were missing
     */
    private int linkTheRest(Path folder) throws IOException {
        if (!Files.isDirectory(original(folder))) {
            return 0;
        }
        int linked = 0;
        for (Path neighbour : entries(original(folder))) {
            Path link = folder.resolve(neighbour.getFileName());
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS) && !link.endsWith(BYTE_CODE)) {
                Files.createSymbolicLink(link, neighbour);
                linked++;
            }
        }
        return linked;
    }

    private Path original(Path entry) {
        return project.resolve(copy.relativize(entry));
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    /** The candidate's own version of it is gone first, and whatever it put beside. */
    private void lay(String path, Path checkout) throws IOException {
        List<String> names = files.hashes().keySet().stream()
                .filter(name -> name.equals(path) || name.startsWith(path + "/"))
                .toList();
        if (names.isEmpty()) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION, "the experiment began without the overlay %s".formatted(path));
        }
        Path target = checkout.resolve(path);
        FileTree.makeFolders(checkout, Objects.requireNonNull(target.getParent()));
        FileTree.delete(target);
        for (String name : names) {
            Path file = checkout.resolve(name);
            FileTree.makeFolders(checkout, Objects.requireNonNull(file.getParent()));
            Files.copy(copy.resolve(name), file, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static LoreleyException unusable(Path folder, IOException e) {
        return new LoreleyException(
                FailureKind.STORAGE,
                "the evaluator's files cannot be laid out in %s: %s. Look at the disk's free space and the folder's owner."
                        .formatted(folder, e.getMessage()),
                e);
    }
}
