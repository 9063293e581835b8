package io.loreley.git;

import io.loreley.domain.CommitHash;
import io.loreley.domain.LoreleyException;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A bare repository that Loreley owns: the object store of one source repository's candidates, and the permanent refs
 * that keep them. Nobody else writes to it; agents work in trees that read from it. Safe for many threads.
 */
public final class Hub implements AutoCloseable {

    static final String ROOTS = "refs/loreley/roots/";

    private static final Pattern SPACES = Pattern.compile(" +");

    private final Path folder;
    private final ProcessRunner processes;
    private final Git git;
    private final ObjectReader objects;
    private final DiffReader changes;
    private final DiffReader lineCounts;
    private final RefWriter refs;
    private final ObjectWriter writer;
    private final TreeWriter trees;
    private final CommitWriter commits;
    private volatile @Nullable Remote remote;

    private Hub(Path folder, ProcessRunner processes) {
        this.folder = folder;
        this.processes = processes;
        this.git = Git.own(processes, folder);
        this.objects = new ObjectReader(git);
        this.changes = new DiffReader(git, "--raw");
        this.lineCounts = new DiffReader(git, "--numstat");
        this.refs = new RefWriter(git);
        this.writer = new ObjectWriter(folder, git);
        this.trees = new TreeWriter(objects, writer);
        this.commits = new CommitWriter(git, objects, writer);
    }

    /**
     * Opens the hub in a folder, creating it if the folder is missing or empty.
     *
     * @throws LoreleyException of kind STORAGE if the folder holds something else
     */
    public static Hub open(Path folder, ProcessRunner processes) {
        Path place = folder.toAbsolutePath().normalize();
        HubFolder.ensure(place, processes);
        return new Hub(place, processes);
    }

    public Path folder() {
        return folder;
    }

    /**
     * Brings a commit of the source, with its history, into the hub, and keeps it there.
     *
     * @param revision a branch, tag, hash or HEAD; of no meaning for a plain folder, whose files become one commit
     * @throws LoreleyException of kind CONFIGURATION if the source has no such commit, or the commit no such subfolder
     */
    public CommitHash fetch(Source source, String revision) {
        CommitHash commit = switch (source) {
            case Source.FolderSource(Path files) -> new FolderImport(git).commit(files);
            case Source.GitSource repository ->
                new RootFetch(this, processes, git, asUser()).fetch(repository, revision);
        };
        keep(ROOTS + commit, commit);
        return commit;
    }

    /**
     * Makes a commit of the files of a folder, its {@code .gitignore} respected, and keeps it. The same files make the same
     * commit.
     */
    public CommitHash importFolder(Path files, String ref) {
        CommitHash commit = new FolderImport(git).commit(files.toAbsolutePath().normalize());
        keep(ref, commit);
        return commit;
    }

    /**
     * Brings commits that somebody else recorded into the hub, and keeps those that are found: all that a ref of the source
     * leads to, and in a repository on this machine also what no ref leads to any more.
     *
     * @param refOf the ref that keeps a commit
     * @return those that are lost
     */
    public Set<CommitHash> fetchRecorded(
            Source source, Collection<CommitHash> commits, Function<CommitHash, String> refOf) {
        return new RecordedCommits(this, git, asUser()).fetch(source, commits, refOf);
    }

    /** Whether a commit holds a folder of this path. */
    public boolean isFolder(CommitHash commit, String path) {
        return objects.isOfType("tree", commit + ":" + path);
    }

    /** Our repository, with the user's configuration: their keys, proxies and helpers. */
    private Git asUser() {
        return Git.theirs(processes, folder).with(Map.of("GIT_DIR", folder.toString()));
    }

    /**
     * From now on, commits that are missing here are looked for in a repository that other machines write to.
     *
     * @throws LoreleyException of kind CONFIGURATION if the URL carries a password
     */
    public Remote exchangeThrough(String url) {
        Remote named = new Remote(asUser(), url);
        remote = named;
        return named;
    }

    /**
     * Whether a commit is here, after it was looked for in the remote, if there is one.
     *
     * @throws LoreleyException of kind REMOTE if the remote cannot be reached
     */
    public boolean obtain(CommitHash commit) {
        Remote other = remote;
        return contains(commit) || (other != null && other.fetch(commit));
    }

    /** Costs a machine of its own nothing. */
    private void fetchIfMissing(CommitHash commit) {
        if (remote != null) {
            obtain(commit);
        }
    }

    public boolean contains(CommitHash commit) {
        return objects.isOfType("commit", commit.value());
    }

    /** The tree of a commit. */
    public String treeOf(CommitHash commit) {
        return info(commit).tree();
    }

    public CommitInfo info(CommitHash commit) {
        fetchIfMissing(commit);
        return objects.commit(commit);
    }

    /** Makes a commit of a tree. It is not reachable until {@link #keep} names it. */
    public CommitHash commit(String tree, CommitHash parent, CommitMessage message) {
        return commits.write(tree, parent, message);
    }

    /**
     * Makes a ref name a commit, so that it is never pruned. Saying it twice is saying it once.
     *
     * @param ref below {@code refs/}
     */
    public void keep(String ref, CommitHash commit) {
        if (!ref.startsWith("refs/")) {
            throw new IllegalArgumentException("not a full ref name: '%s'".formatted(ref));
        }
        refs.transact("update %s %s\n".formatted(ref, commit));
    }

    /** Makes one ref name a commit and another name nothing, in one transaction. Saying it twice is saying it once. */
    public void move(String from, String to, CommitHash commit) {
        refs.transact("update %s %s\ndelete %s\n".formatted(to, commit, from));
    }

    /** Makes refs name nothing, in one transaction; those that do not already are left. */
    public void drop(Collection<String> refs) {
        if (!refs.isEmpty()) {
            this.refs.transact(refs.stream().map("delete %s\n"::formatted).collect(Collectors.joining()));
        }
    }

    /**
     * Keeps the folder small and git quick; loses no object. Any number of processes may do so while others work.
     *
     * @param longAgo whoever began before is dead
     */
    public void tidy(Instant longAgo) {
        HubFolder.pack(folder, git, HubFolder.LOOSE_OBJECTS, longAgo);
    }

    /** The refs below a prefix, sorted. */
    public List<String> refs(String prefix) {
        return git.run("for-each-ref", "--format=%(refname)", prefix).lines().toList();
    }

    /**
     * Makes a branch name a commit where the user looks for it: in their repository, or for an imported folder in the hub.
     *
     * @param overwrite whether a branch of the user's, which is one that is not below {@code loreley/}, may lose commits
     * @return the repository that holds the branch now
     * @throws LoreleyException of kind CONFIGURATION if no branch can have that name, or if it would lose commits
     */
    public String publishBranch(Source source, String branch, CommitHash commit, boolean overwrite) {
        BranchPush push = new BranchPush(asUser(), folder);
        push.requireName(branch);
        return switch (source) {
            case Source.FolderSource ignored -> {
                keep("refs/heads/" + branch, commit);
                yield folder.toString();
            }
            case Source.GitSource repository -> {
                push.push(repository, branch, commit, overwrite);
                yield repository.location();
            }
        };
    }

    /** All files of a commit, sorted by path; whether their blobs are there is not asked. */
    public List<TreeEntry> files(CommitHash commit) {
        fetchIfMissing(commit);
        List<TreeEntry> files = new ArrayList<>();
        for (String line : NulRecords.of(git.output("ls-tree", "-r", "-z", "--full-tree", commit.value()))) {
            int tab = line.indexOf('\t');
            String[] fields = SPACES.split(line.substring(0, tab));
            files.add(new TreeEntry(FileMode.of(fields[0]), fields[2], line.substring(tab + 1)));
        }
        return files;
    }

    /** Everything that the trees of these commits are made of: names of blobs, and of trees; not of their ancestors. */
    public Set<String> objects(Collection<CommitHash> commits) {
        String names = commits.stream().map(CommitHash::value).collect(Collectors.joining("\n", "", "\n"));
        return git.runWithInput(names, "rev-list", "--objects", "--no-object-names", "--no-walk", "--stdin")
                .lines()
                .collect(Collectors.toSet());
    }

    /** The paths that differ, sorted. */
    public List<TreeChange> changes(CommitHash from, CommitHash to) {
        return changes(treeOf(from), treeOf(to));
    }

    /** The paths that differ between two trees, sorted. */
    public List<TreeChange> changes(String fromTree, String toTree) {
        List<TreeChange> found = new ArrayList<>();
        List<String> records = changes.compare(fromTree, toTree);
        for (int i = 0; i + 1 < records.size(); i += 2) {
            String[] fields = SPACES.split(records.get(i).substring(1));
            found.add(new TreeChange(
                    FileMode.of(fields[0]), FileMode.of(fields[1]), fields[2], fields[3], records.get(i + 1)));
        }
        return found;
    }

    /** How many lines of each changed file differ, sorted by path. */
    public List<FileStat> numstat(CommitHash from, CommitHash to) {
        return lineCounts.compare(treeOf(from), treeOf(to)).stream()
                .map(line -> line.split("\t", 3))
                .map(fields -> fields[0].equals("-")
                        ? new FileStat(0, 0, true, fields[2])
                        : new FileStat(Long.parseLong(fields[0]), Long.parseLong(fields[1]), false, fields[2]))
                .toList();
    }

    /**
     * How a file differs, as git words it; empty if it does not.
     *
     * @param context unchanged lines around each change
     */
    public String patch(CommitHash from, CommitHash to, String path, int context) {
        return git.with(Map.of("GIT_LITERAL_PATHSPECS", "1"))
                .output(
                        "diff",
                        "--no-color",
                        "--no-ext-diff",
                        "--no-textconv",
                        "--no-renames",
                        "--unified=" + context,
                        from.value(),
                        to.value(),
                        "--",
                        path);
    }

    /** Commits as files that {@code git am} takes, oldest first, written to a folder. */
    public List<String> patchSeries(CommitHash after, CommitHash last, Path target) {
        return git.run("format-patch", "--no-signature", "-o", target.toString(), after + ".." + last)
                .lines()
                .toList();
    }

    /** How many bytes each of these blobs has; none is read. */
    public Map<String, Long> sizes(Collection<String> blobs) {
        return objects.sizes(blobs);
    }

    /** Reads blobs one after the other; those larger than {@code limit} bytes are reported and not read. */
    public void readBlobs(Collection<String> blobs, long limit, BlobVisitor visitor) {
        objects.blobs(blobs, limit, visitor);
    }

    /** A warm work tree in a folder that nobody else uses. */
    public WorkTree workTree(Path slot) {
        return workTree(slot, List.of());
    }

    /**
     * A warm work tree in a folder that nobody else uses.
     *
     * @param leftOut patterns as in {@code .gitignore}: what a snapshot leaves out besides
     */
    public WorkTree workTree(Path slot, List<String> leftOut) {
        return new WorkTree(slot.toAbsolutePath().normalize(), this, leftOut, git, trees);
    }

    @Override
    public void close() {
        objects.close();
        changes.close();
        lineCounts.close();
        refs.close();
        writer.close();
    }
}
