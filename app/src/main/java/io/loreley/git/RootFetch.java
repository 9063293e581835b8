package io.loreley.git;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.Captured;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.util.UUID;

/** A commit of the user's repository, with its history, on its way into a hub. */
final class RootFetch {

    private static final String SHALLOW =
            "is a shallow clone, and its history is needed. Run `git fetch --unshallow` there.";

    /** Whom a partial clone asks for what it lacks. */
    private static final String PROMISOR = "^(remote\\..*\\.promisor|extensions\\.partialclone)$";

    private final Hub hub;
    private final ProcessRunner processes;
    private final Git git;
    private final Git user;

    RootFetch(Hub hub, ProcessRunner processes, Git git, Git user) {
        this.hub = hub;
        this.processes = processes;
        this.git = git;
        this.user = user;
    }

    CommitHash fetch(Source.GitSource source, String revision) {
        CommitHash commit = source.root() == null ? fetchRemote(source, revision) : fetchLocal(source, revision);
        if (!source.subfolder().isEmpty() && !hub.isFolder(commit, source.subfolder())) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "repository: commit %s of %s has no folder '%s'. Commit it there, or set `import: true` to evolve a copy of its files."
                            .formatted(commit.abbreviated(), source.describe(), source.subfolder()));
        }
        return commit;
    }

    private CommitHash fetchLocal(Source.GitSource source, String revision) {
        Git theirs = Git.theirs(processes, Path.of(source.location()));
        Captured resolved =
                theirs.attempt("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}");
        if (!resolved.success()) {
            throw unknown(source, revision);
        }
        CommitHash commit = new CommitHash(resolved.text().strip());
        // What a shallow clone sent is here, and lacks its history.
        if (!hub.refs(Hub.ROOTS + commit).isEmpty()) {
            return commit;
        }
        requireWhole(theirs, source);
        git.run(
                "fetch",
                "--quiet",
                "--no-tags",
                "--no-write-fetch-head",
                "--recurse-submodules=no",
                Git.UPLOAD_PACK,
                source.location(),
                "+%s:%s".formatted(commit, Hub.ROOTS + commit));
        return commit;
    }

    /** The server resolves the revision, so that the commit is known only when it is here. */
    private CommitHash fetchRemote(Source.GitSource source, String revision) {
        String incoming = "refs/loreley/incoming/" + UUID.randomUUID();
        Captured fetched = user.attempt(
                "fetch",
                "--quiet",
                "--no-tags",
                "--no-write-fetch-head",
                "--recurse-submodules=no",
                source.location(),
                "+%s:%s".formatted(revision, incoming));
        if (!fetched.success()) {
            throw fetched.error().contains("couldn't find remote ref")
                    ? unknown(source, revision)
                    : Git.failure(fetched);
        }
        try {
            Captured resolved = git.attempt("rev-parse", "--verify", incoming + "^{commit}");
            if (!resolved.success()) {
                // Of a shallow clone git writes no ref, warns, and ends well.
                throw hub.refs(incoming).isEmpty() ? unfit(source, SHALLOW) : Git.failure(resolved);
            }
            return new CommitHash(resolved.text().strip());
        } finally {
            git.run("update-ref", "-d", incoming);
        }
    }

    /** Some clones lack what they can ask for, and what they cannot give. */
    private static void requireWhole(Git theirs, Source.GitSource source) {
        if (theirs.run("rev-parse", "--is-shallow-repository").equals("true")) {
            throw unfit(source, SHALLOW);
        }
        if (theirs.attempt("config", "--get-regexp", PROMISOR).success()) {
            throw unfit(source, "is a partial clone, and all its files are needed. Clone it again without --filter.");
        }
        if (!theirs.run("rev-parse", "--show-object-format").equals("sha1")) {
            throw unfit(
                    source,
                    "names its objects by SHA-256, and Loreley's own repositories by SHA-1. Set `import: true` to evolve a copy of its files.");
        }
    }

    private static LoreleyException unfit(Source.GitSource source, String why) {
        return new LoreleyException(FailureKind.CONFIGURATION, "repository: %s %s".formatted(source.describe(), why));
    }

    private static LoreleyException unknown(Source.GitSource source, String revision) {
        return new LoreleyException(
                FailureKind.CONFIGURATION,
                "root: '%s' is not a commit of %s. Name a branch, tag or full hash; a repository needs at least one commit."
                        .formatted(revision, source.describe()));
    }
}
