package io.loreley.git;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.Captured;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A bare repository that Loreley owns: the object store of one source repository's candidates, and the permanent refs
 * that keep them. Nobody else writes to it; agents work in trees that read from it. Safe for many threads.
 */
public final class Hub implements AutoCloseable {

    private static final String MARKER = "loreley-hub";

    private final Path folder;
    private final ProcessRunner processes;
    private final Git git;
    private final ObjectReader objects;

    private Hub(Path folder, ProcessRunner processes) {
        this.folder = folder;
        this.processes = processes;
        this.git = Git.own(processes, folder);
        this.objects = new ObjectReader(git);
    }

    /**
     * Opens the hub in a folder, creating it if the folder is missing or empty.
     *
     * @throws LoreleyException of kind STORAGE if the folder holds something else
     */
    public static Hub open(Path folder, ProcessRunner processes) {
        Hub hub = new Hub(folder.toAbsolutePath().normalize(), processes);
        hub.create();
        return hub;
    }

    private void create() {
        Path marker = folder.resolve(MARKER);
        if (Files.exists(marker)) {
            return;
        }
        try {
            Files.createDirectories(folder);
            try (var content = Files.list(folder)) {
                if (content.anyMatch(file -> !file.getFileName().toString().equals("HEAD.lock"))
                        && !Files.exists(folder.resolve("objects"))) {
                    throw new LoreleyException(
                            FailureKind.STORAGE,
                            "%s is not empty and not a repository of Loreley's; it is left alone".formatted(folder));
                }
            }
            git.run("init", "--quiet", "--bare", "--initial-branch=main", folder.toString());
            // Unreferenced objects belong to attempts at work; only Loreley knows when they may go.
            git.run("config", "gc.auto", "0");
            git.run("config", "core.logAllRefUpdates", "false");
            Files.writeString(marker, "This repository belongs to Loreley.\n");
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot create the repository " + folder, e);
        }
    }

    public Path folder() {
        return folder;
    }

    /**
     * Brings a commit of the source, with its history, into the hub.
     *
     * @param revision a branch, tag, hash or HEAD; of no meaning for a plain folder, whose files become one commit
     */
    public CommitHash fetch(Source source, String revision) {
        return switch (source) {
            case Source.FolderSource(Path files) -> new FolderImport(git).commit(files);
            case Source.GitSource repository when repository.root() != null -> fetchLocal(repository, revision);
            case Source.GitSource repository -> fetchRemote(repository.location(), revision);
        };
    }

    private CommitHash fetchLocal(Source.GitSource source, String revision) {
        Captured resolved = Git.theirs(processes, Path.of(source.location()))
                .attempt("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}");
        if (!resolved.success()) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "root: '%s' is not a commit of %s. Name a branch, tag or hash; a repository needs at least one commit."
                            .formatted(revision, source.describe()));
        }
        CommitHash commit = new CommitHash(resolved.text().strip());
        if (!contains(commit)) {
            git.run(
                    "fetch",
                    "--quiet",
                    "--no-tags",
                    "--no-write-fetch-head",
                    source.location(),
                    "+%s:%s".formatted(commit, rootRef(commit)));
        } else {
            keep(rootRef(commit), commit);
        }
        return commit;
    }

    private CommitHash fetchRemote(String location, String revision) {
        String ref = "refs/loreley/source/" + revision.replaceAll("[^A-Za-z0-9._/-]", "_");
        Captured fetched = Git.theirs(processes, folder)
                .with(Map.of("GIT_DIR", folder.toString()))
                .attempt("fetch", "--quiet", "--no-tags", location, "+%s:%s".formatted(revision, ref));
        if (!fetched.success()) {
            throw new LoreleyException(FailureKind.GIT, fetched.describe());
        }
        CommitHash commit = new CommitHash(git.run("rev-parse", "--verify", ref + "^{commit}"));
        keep(rootRef(commit), commit);
        return commit;
    }

    private static String rootRef(CommitHash commit) {
        return "refs/loreley/roots/" + commit;
    }

    public boolean contains(CommitHash commit) {
        return git.attempt("cat-file", "-e", commit + "^{commit}").success();
    }

    /** The tree of a commit. */
    public String treeOf(CommitHash commit) {
        return info(commit).tree();
    }

    public CommitInfo info(CommitHash commit) {
        return objects.commit(commit);
    }

    /** Makes a commit of a tree. It is not reachable until {@link #keep} names it. */
    public CommitHash commit(String tree, CommitHash parent, CommitMessage message) {
        String when = message.when().getEpochSecond() + " +0000";
        return new CommitHash(git.with(Map.of(
                        "GIT_AUTHOR_NAME", message.author(),
                        "GIT_AUTHOR_EMAIL", message.email(),
                        "GIT_AUTHOR_DATE", when,
                        "GIT_COMMITTER_NAME", message.author(),
                        "GIT_COMMITTER_EMAIL", message.email(),
                        "GIT_COMMITTER_DATE", when))
                .runWithInput(message.text(), "commit-tree", tree, "-p", parent.value()));
    }

    /** Makes a ref name a commit, so that it is never pruned. Saying it twice is saying it once. */
    public void keep(String ref, CommitHash commit) {
        git.run("update-ref", ref, commit.value());
    }

    /** The refs below a prefix, sorted. */
    public List<String> refs(String prefix) {
        return git.run("for-each-ref", "--format=%(refname)", prefix).lines().toList();
    }

    /**
     * Makes a branch name a commit where the user looks for it: in their repository, or for an imported folder in the hub.
     *
     * @return the repository that holds the branch now
     */
    public String publishBranch(Source source, String branch, CommitHash commit) {
        String ref = "refs/heads/" + branch;
        return switch (source) {
            case Source.FolderSource ignored -> {
                keep(ref, commit);
                yield folder.toString();
            }
            case Source.GitSource repository -> {
                Captured pushed = Git.theirs(processes, folder)
                        .with(Map.of("GIT_DIR", folder.toString()))
                        .attempt(
                                "push",
                                "--quiet",
                                "--force",
                                "--no-verify",
                                repository.location(),
                                "%s:%s".formatted(commit, ref));
                if (!pushed.success()) {
                    throw new LoreleyException(
                            FailureKind.GIT,
                            "branch %s cannot be written to %s. If it is checked out there, check out another; the commit is safe in %s as %s.\n%s"
                                    .formatted(branch, repository.describe(), folder, commit, pushed.describe()));
                }
                yield repository.location();
            }
        };
    }

    /** All files of a commit, sorted by path. */
    public List<TreeEntry> files(CommitHash commit) {
        List<TreeEntry> files = new ArrayList<>();
        for (String line : records(git.output("ls-tree", "-r", "-l", "-z", "--full-tree", commit.value()))) {
            int tab = line.indexOf('\t');
            String[] fields = SPACES.split(line.substring(0, tab));
            long size = fields[3].equals("-") ? 0 : Long.parseLong(fields[3]);
            files.add(new TreeEntry(FileMode.of(fields[0]), fields[2], size, line.substring(tab + 1)));
        }
        return files;
    }

    private static final Pattern SPACES = Pattern.compile(" +");

    /** The paths that differ, sorted. */
    public List<TreeChange> changes(CommitHash from, CommitHash to) {
        List<TreeChange> changes = new ArrayList<>();
        List<String> records =
                records(git.output("diff-tree", "-r", "-z", "--no-renames", "--full-index", from.value(), to.value()));
        for (int i = 0; i + 1 < records.size(); i += 2) {
            String[] fields = SPACES.split(records.get(i).substring(1));
            changes.add(new TreeChange(
                    FileMode.of(fields[0]), FileMode.of(fields[1]), fields[2], fields[3], records.get(i + 1)));
        }
        return changes;
    }

    /** How many lines of each changed file differ, sorted by path. */
    public List<FileStat> numstat(CommitHash from, CommitHash to) {
        return records(git.output("diff-tree", "-r", "-z", "--no-renames", "--numstat", from.value(), to.value()))
                .stream()
                .map(line -> line.split("\t", 3))
                .map(fields -> fields[0].equals("-")
                        ? new FileStat(0, 0, true, fields[2])
                        : new FileStat(Long.parseLong(fields[0]), Long.parseLong(fields[1]), false, fields[2]))
                .toList();
    }

    /** Reads blobs one after the other; those larger than {@code limit} bytes are reported and not read. */
    public void readBlobs(Collection<String> blobs, long limit, BlobVisitor visitor) {
        objects.blobs(blobs, limit, visitor);
    }

    /** A warm work tree in a folder that nobody else uses. */
    public WorkTree workTree(Path slot) {
        return new WorkTree(slot.toAbsolutePath().normalize(), folder, git);
    }

    private static List<String> records(String output) {
        return output.isEmpty()
                ? List.of()
                : Arrays.asList(output.substring(0, output.length() - 1).split("\0", -1));
    }

    @Override
    public void close() {
        objects.close();
    }
}
