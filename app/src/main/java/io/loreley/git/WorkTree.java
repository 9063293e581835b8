package io.loreley.git;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A warm checkout: switching it to another commit writes only what differs. Its index lies outside the tree and belongs
 * to Loreley, so that {@link #snapshot} sees the files as they are, whatever was done with git inside.
 *
 * <p>The tree has a {@code .git} of its own for whoever works there: it stands at the base, reads the hub's objects, and
 * cannot write its refs. It is made anew at each reset. For one thread at a time.
 */
public final class WorkTree {

    private final Path tree;
    private final Path index;
    private final Path hub;
    private final Git git;

    WorkTree(Path slot, Path hub, Git git) {
        this.tree = slot.resolve("tree");
        this.index = slot.resolve("index");
        this.hub = hub;
        this.git = git.with(Map.of("GIT_INDEX_FILE", index.toString(), "GIT_WORK_TREE", tree.toString()));
    }

    public Path root() {
        return tree;
    }

    /** A folder of the tree, which is created if the commit does not hold it. */
    public Path folder(String subfolder) {
        Path folder = tree.resolve(subfolder).normalize();
        if (!folder.startsWith(tree)) {
            throw new IllegalArgumentException("%s does not lie in the work tree".formatted(subfolder));
        }
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot create " + folder, e);
        }
    }

    /** Makes the tree exactly that commit: nothing of earlier work is left, ignored files included. */
    public void reset(CommitHash commit) {
        try {
            Files.createDirectories(tree);
            Files.deleteIfExists(index.resolveSibling("index.lock"));
            deleteTree(tree.resolve(".git"));
            git.run("-C", tree.toString(), "read-tree", "--reset", "-u", commit.value());
            git.run("-C", tree.toString(), "clean", "-ffdxq");
            writePrivateRepository(commit);
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot prepare the work tree " + tree, e);
        }
    }

    /** Writes the files as a tree into the hub, those ignored by git left out, and names it. */
    public String snapshot() {
        git.run("-C", tree.toString(), "add", "--all", ".");
        return git.run("write-tree");
    }

    private void writePrivateRepository(CommitHash commit) throws IOException {
        Path repository = tree.resolve(".git");
        Files.createDirectories(repository.resolve("objects/info"));
        Files.createDirectories(repository.resolve("objects/pack"));
        Files.createDirectories(repository.resolve("refs/heads"));
        Files.writeString(repository.resolve("HEAD"), commit.value() + "\n");
        Files.writeString(repository.resolve("objects/info/alternates"), hub.resolve("objects") + "\n");
        Files.writeString(repository.resolve("config"), """
                [core]
                	repositoryformatversion = 0
                	bare = false
                	logallrefupdates = false
                [gc]
                	auto = 0
                [user]
                	name = Loreley Agent
                	email = agent@loreley.local
                """);
        Files.copy(index, repository.resolve("index"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
