package io.loreley.git;

import io.loreley.domain.CommitHash;
import io.loreley.process.Captured;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Commits that another system recorded in a source, on their way into a hub. */
final class RecordedCommits {

    private final Hub hub;
    private final Git git;
    private final Git user;

    RecordedCommits(Hub hub, Git git, Git user) {
        this.hub = hub;
        this.git = git;
        this.user = user;
    }

    Set<CommitHash> fetch(Source source, Collection<CommitHash> commits, Function<CommitHash, String> refOf) {
        String incoming = "refs/loreley/incoming/" + UUID.randomUUID();
        try {
            if (!absent(commits).isEmpty() && source instanceof Source.GitSource repository) {
                fetch(repository, commits, incoming);
            }
            keep(commits, refOf);
            return absent(commits);
        } finally {
            String deletions =
                    hub.refs(incoming).stream().map("delete %s\n"::formatted).collect(Collectors.joining());
            git.runWithInput(deletions, "update-ref", "--stdin");
        }
    }

    private void fetch(Source.GitSource source, Collection<CommitHash> commits, String incoming) {
        Captured everything = attempt(source, "+refs/*:%s/*".formatted(incoming));
        if (!everything.success()) {
            throw Git.failure(everything);
        }
        if (source.root() != null) {
            for (CommitHash commit : absent(commits)) {
                // Whether it is there shows in the end.
                var _ = attempt(source, "+%s:%s/%s".formatted(commit, incoming, commit));
            }
        }
    }

    private Captured attempt(Source.GitSource source, String refs) {
        List<String> line = new ArrayList<>(
                List.of("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--recurse-submodules=no"));
        if (source.root() != null) {
            line.add(Git.UPLOAD_PACK);
        }
        line.addAll(List.of(source.location(), refs));
        return (source.root() == null ? user : git).attempt(line.toArray(String[]::new));
    }

    private void keep(Collection<CommitHash> commits, Function<CommitHash, String> refOf) {
        String updates = commits.stream()
                .filter(hub::contains)
                .map(commit -> "update %s %s\n".formatted(refOf.apply(commit), commit))
                .collect(Collectors.joining());
        git.runWithInput(updates, "update-ref", "--stdin");
    }

    private Set<CommitHash> absent(Collection<CommitHash> commits) {
        return commits.stream()
                .filter(commit -> !hub.contains(commit))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
