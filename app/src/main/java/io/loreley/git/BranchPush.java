package io.loreley.git;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.Captured;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a branch of the user's repository name a commit of ours.
 *
 * @param git as the user, in our repository
 */
record BranchPush(Git git, Path hub) {

    void push(Source.GitSource source, String ref, CommitHash commit) {
        List<String> line = new ArrayList<>(List.of("push", "--quiet", "--force", "--no-verify"));
        if (source.root() != null) {
            line.add(Git.RECEIVE_PACK);
        }
        line.addAll(List.of(source.location(), "%s:%s".formatted(commit, ref)));
        Captured pushed = git.attempt(line.toArray(String[]::new));
        if (pushed.success()) {
            return;
        }
        String advice = pushed.error().contains("checked out")
                ? "The branch is checked out there: check out another one."
                : "The commit is safe in %s.".formatted(hub);
        throw new LoreleyException(
                FailureKind.GIT,
                "%s cannot be made to name %s in %s. %s\n%s"
                        .formatted(ref, commit.abbreviated(), source.describe(), advice, pushed.describe()));
    }
}
