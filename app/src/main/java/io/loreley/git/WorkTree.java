package io.loreley.git;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.Captured;
import io.loreley.process.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A warm checkout: switching it to another commit writes only what differs. Its index lies outside the tree and belongs
 * to Loreley, so that {@link #snapshot} sees the files as they are, whatever was done with git inside.
 *
 * <p>The tree has a {@code .git} of its own for whoever works there: it stands at the base, reads the hub's objects, and
 * cannot write its refs. It is made anew at each reset. For one thread at a time.
 */
public final class WorkTree {

    private static final String DOT_GIT = ".git";

    /** What git says, in the language C, when it takes a repository inside the tree for a submodule. */
    private static final String EMBEDDED = "embedded git repository";

    /** What git says, in the language C, of a folder that it leaves out because it may not list it. */
    private static final String NOT_LISTED = "could not open directory";

    private final Path slot;
    private final Path tree;
    private final Path index;
    private final Hub hub;
    private final List<String> leftOut;
    private final Git git;
    private final TreeWriter trees;
    private @Nullable CommitHash base;
    private Set<Path> submodules = Set.of();

    WorkTree(Path slot, Hub hub, List<String> leftOut, Git git, TreeWriter trees) {
        this.trees = trees;
        this.leftOut = List.copyOf(leftOut);
        this.slot = slot;
        this.tree = slot.resolve("tree");
        this.index = slot.resolve("index");
        this.hub = hub;
        this.git = git.with(Map.of("GIT_INDEX_FILE", index.toString(), "GIT_WORK_TREE", tree.toString()));
    }

    public Path root() {
        return tree;
    }

    /**
     * A folder of the tree, which is created if the commit does not hold it.
     *
     * @throws LoreleyException of kind FORBIDDEN_CHANGE if the commit has something else in its place, such as a link that
     *     could lead outside
     */
    public Path folder(String subfolder) {
        Path folder = tree.resolve(subfolder).normalize();
        if (!folder.startsWith(tree)) {
            throw new IllegalArgumentException("%s does not lie in the work tree".formatted(subfolder));
        }
        try {
            Path reached = tree;
            for (Path name : tree.relativize(folder)) {
                reached = reached.resolve(name);
                if (!Files.exists(reached, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectory(reached);
                } else if (!Files.isDirectory(reached, LinkOption.NOFOLLOW_LINKS)) {
                    throw new LoreleyException(
                            FailureKind.FORBIDDEN_CHANGE,
                            "%s, where the search works, is no folder any more: it must stay one"
                                    .formatted(tree.relativize(reached)));
                }
            }
            return folder;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Makes the tree exactly that commit: nothing of earlier work is left, ignored files included. */
    public void reset(CommitHash commit) {
        base = commit;
        try {
            Files.createDirectories(slot);
            if (Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS) && tryCheckOut(commit)) {
                return;
            }
            FileTree.delete(tree);
            Files.deleteIfExists(index);
            Files.createDirectory(tree);
            checkOut(commit, true);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Fails where the tree was left in a state that git cannot repair, such as a folder without permissions. */
    private boolean tryCheckOut(CommitHash commit) {
        try {
            return checkOut(commit, false);
        } catch (LoreleyException e) {
            if (e.kind() != FailureKind.GIT) {
                throw e;
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * @param isNew whether the folder was empty: what git then writes is as well as this file system can hold it
     * @return whether the tree is the commit's; otherwise it must be made anew
     */
    private boolean checkOut(CommitHash commit, boolean isNew) throws IOException {
        Files.deleteIfExists(index.resolveSibling("index.lock"));
        FileTree.delete(tree.resolve(DOT_GIT));
        in("read-tree", "--reset", "-u", commit.value());
        Optional<GitIndex> read = commit.isSha1() ? GitIndex.readFresh(index) : Optional.empty();
        Leftovers.State left = read.map(files -> Leftovers.of(tree, files)).orElse(Leftovers.State.SOME);
        if (left == Leftovers.State.BROKEN && !isNew) {
            return false;
        }
        if (left != Leftovers.State.NONE) {
            in("clean", "-ffdxq");
        }
        submodules = read.map(GitIndex::hasSubmodules).orElse(true) ? submodules() : Set.of();
        emptySubmodules();
        writePrivateRepository(commit);
        return true;
    }

    /** Git leaves alone what lies in the folder of a submodule, but for a repository there, whose configuration it follows. */
    private void emptySubmodules() throws IOException {
        for (Path submodule : submodules) {
            if (isFolderOfTree(submodule)) {
                FileTree.delete(submodule);
                Files.createDirectory(submodule);
            }
        }
    }

    /** Whether no link leads there, which could lead outside. */
    private boolean isFolderOfTree(Path folder) {
        Path reached = tree;
        for (Path name : tree.relativize(folder)) {
            reached = reached.resolve(name);
            if (!Files.isDirectory(reached, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
        }
        return true;
    }

    private Set<Path> submodules() {
        Set<Path> submodules = new HashSet<>();
        for (String entry : NulRecords.of(git.output("ls-files", "--stage", "-z"))) {
            if (entry.startsWith(FileMode.SUBMODULE_OCTAL)) {
                submodules.add(tree.resolve(entry.substring(entry.indexOf('\t') + 1)));
            }
        }
        return submodules;
    }

    /**
     * Writes the files as a tree into the hub, and names it. Files that {@code .gitignore} or the slot's own
     * patterns cover are left out; a repository that was made inside counts as the files it holds; a submodule stays what it
     * was, and its folder is emptied: git would run there what a configuration of the agent's names. A file that is byte for
     * byte what was checked out has not changed, whatever its attributes would have git convert.
     */
    public String snapshot() {
        try {
            emptySubmodules();
        } catch (IOException e) {
            throw unusable(e);
        }
        Captured added = git.attempt("-c", excludes(), "-C", tree.toString(), "add", "--all", ".");
        if (!added.success() || added.error().contains(NOT_LISTED)) {
            makeReadable();
            addOnceMore();
        } else if (added.error().contains(EMBEDDED)) {
            addOnceMore();
        }
        String tree = writeTree();
        return restoreUntouched(tree) ? writeTree() : tree;
    }

    private String writeTree() {
        return GitIndex.read(index).flatMap(trees::write).orElseGet(() -> git.run("write-tree"));
    }

    /** Whether there was a file that was not touched, and that git converted nevertheless. */
    private boolean restoreUntouched(String made) {
        List<TreeChange> untouched = Untouched.among(hub.changes(hub.treeOf(checkedOut()), made), tree);
        if (untouched.isEmpty()) {
            return false;
        }
        String entries = untouched.stream()
                .map(change -> "%s %s\t%s\0".formatted(change.newMode().octal(), change.oldBlob(), change.path()))
                .collect(Collectors.joining());
        git.runWithInput(entries, "update-index", "-z", "--index-info");
        return true;
    }

    private CommitHash checkedOut() {
        if (base == null) {
            throw new IllegalStateException("a work tree must be reset before its snapshot is taken: " + tree);
        }
        return base;
    }

    private void addOnceMore() {
        dissolveRepositories();
        in("-c", excludes(), "add", "--all", ".");
    }

    /** Tests of permissions leave files and folders that their owner may not read. */
    private void makeReadable() {
        try {
            FileTree.makeReadable(tree);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private String excludes() {
        Path file = slot.resolve("left-out");
        try {
            return "core.excludesFile=" + Files.write(file, leftOut);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private void dissolveRepositories() {
        git.run("read-tree", "--reset", checkedOut().value());
        Set<Path> kept = new HashSet<>(submodules);
        kept.add(tree.resolve(DOT_GIT));
        try {
            for (Path repository : FileTree.named(DOT_GIT, tree, kept)) {
                FileTree.delete(repository);
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private void writePrivateRepository(CommitHash commit) throws IOException {
        Path repository = tree.resolve(DOT_GIT);
        Files.createDirectories(repository.resolve("objects/info"));
        Files.createDirectories(repository.resolve("objects/pack"));
        Files.createDirectories(repository.resolve("refs/heads"));
        Files.writeString(repository.resolve("HEAD"), commit.value() + "\n");
        Files.writeString(
                repository.resolve("objects/info/alternates"), hub.folder().resolve("objects") + "\n");
        Files.writeString(repository.resolve("config"), """
                [core]
                	repositoryformatversion = 0
                	bare = false
                	logallrefupdates = false
                [gc]
                	auto = 0
                [commit]
                	gpgsign = false
                [user]
                	name = Loreley Agent
                	email = agent@loreley.local
                """);
        Files.copy(index, repository.resolve("index"), StandardCopyOption.REPLACE_EXISTING);
    }

    private void in(String... arguments) {
        String[] words = new String[arguments.length + 2];
        words[0] = "-C";
        words[1] = tree.toString();
        System.arraycopy(arguments, 0, words, 2, arguments.length);
        git.run(words);
    }

    private LoreleyException unusable(IOException cause) {
        return new LoreleyException(
                FailureKind.STORAGE,
                "the work tree %s cannot be written: %s. Look at the disk's free space and the folder's owner."
                        .formatted(tree, cause.getMessage()),
                cause);
    }
}
