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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * An evaluator's files as they were when its experiment began: copied out of the project, checked against their hashes,
 * and what {@code ${project}} stands for in the evaluator's commands. Whatever else the project holds is reached from
 * there by links, as it is now.
 *
 * <p>A candidate runs as the same user and may have written to the copy, so it is looked at before every evaluation, and
 * mended from the project. Safe for many threads.
 */
public final class Ground {

    /** Held while the copy is written to, as its file is by the process: locks on files are not between threads. */
    private static final ReentrantLock WRITING = new ReentrantLock();

    private final Path project;
    private final Path copy;
    private final EvaluatorFiles files;
    private final List<String> overlay;
    /** When a file that was found good was last changed: the kernel's word, which no program can set back. */
    private final Map<String, FileTime> good = new ConcurrentHashMap<>();

    private Ground(Path project, Path copy, EvaluatorFiles files, List<String> overlay) {
        this.project = project;
        this.copy = copy;
        this.files = files;
        this.overlay = overlay;
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
            ground.writing(() -> {
                ground.check();
                ground.linkTheRest();
            });
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
        for (Map.Entry<String, String> entry : files.hashes().entrySet()) {
            if (!isGood(entry.getKey(), copy.resolve(entry.getKey()), entry.getValue())) {
                return false;
            }
        }
        return true;
    }

    private void check() throws IOException {
        for (Map.Entry<String, String> entry : files.hashes().entrySet()) {
            Path file = copy.resolve(entry.getKey());
            if (!isGood(entry.getKey(), file, entry.getValue())) {
                mend(entry.getKey(), file, entry.getValue());
            }
        }
    }

    private boolean isGood(String name, Path file, String hash) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        FileTime changed = changed(file);
        if (changed.equals(good.get(name))) {
            return true;
        }
        if (!EvaluatorFiles.sha256(file).equals(hash)) {
            return false;
        }
        good.put(name, changed);
        return true;
    }

    /** The inode's time where there is one; elsewhere every check reads the file. */
    private static FileTime changed(Path file) throws IOException {
        try {
            return (FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
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
        Path parent = Objects.requireNonNull(file.getParent());
        FileTree.makeFolders(copy, parent);
        Path draft = Files.createTempFile(parent, ".pin", null);
        Files.copy(original, draft, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            FileTree.delete(file);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        good.put(name, changed(file));
    }

    /** Beside each pinned file, its neighbours in the project. */
    private void linkTheRest() throws IOException {
        Set<Path> folders = new HashSet<>(Set.of(copy));
        for (String name : files.hashes().keySet()) {
            Path folder = copy.resolve(name).getParent();
            while (folder != null && folders.add(folder)) {
                folder = folder.getParent();
            }
        }
        for (Path folder : folders) {
            try (Stream<Path> neighbours = Files.list(project.resolve(copy.relativize(folder)))) {
                for (Path neighbour : neighbours.toList()) {
                    Path link = folder.resolve(neighbour.getFileName());
                    if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                        Files.createSymbolicLink(link, neighbour);
                    }
                }
            }
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
