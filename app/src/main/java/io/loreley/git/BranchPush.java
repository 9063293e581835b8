package io.loreley.git;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.Captured;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a branch of the user's repository name a commit of ours. Branches below {@code loreley/} are ours and are moved as
 * needed; any other is created, or goes on to a commit that builds on what it names, and loses nothing.
 *
 * @param git as the user, in our repository
 */
record BranchPush(Git git, Path hub) {

    private static final String OURS = "loreley/";

    /**
     * Refuses a name that no branch can have.
     *
     * @throws LoreleyException of kind CONFIGURATION
     */
    void requireName(String branch) {
        Captured checked = git.attempt("check-ref-format", "--branch", branch);
        if (!checked.success() || !checked.text().strip().equals(branch)) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "'%s' is no name that git allows for a branch; see git help check-ref-format".formatted(branch));
        }
    }

    /** @param overwrite whether a branch of the user's may lose commits */
    void push(Source.GitSource source, String branch, CommitHash commit, boolean overwrite) {
        String ref = "refs/heads/" + branch;
        List<String> line = new ArrayList<>(List.of("push", "--quiet", "--no-verify"));
        if (overwrite || branch.startsWith(OURS)) {
            line.add("--force");
        }
        if (source.root() != null) {
            line.add(Git.RECEIVE_PACK);
        }
        line.addAll(List.of(source.location(), "%s:%s".formatted(commit, ref)));
        Captured pushed = git.attempt(line.toArray(String[]::new));
        if (pushed.success()) {
            return;
        }
        if (pushed.error().contains("(non-fast-forward)") || pushed.error().contains("(fetch first)")) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "branch %s of %s names %s, which %s does not build on. Nothing was changed. Choose another name, one below %s, or --force, which takes the branch away from what it names."
                            .formatted(branch, source.describe(), named(source, ref), commit.abbreviated(), OURS));
        }
        String advice = pushed.error().contains("checked out")
                ? "The branch is checked out there: check out another one."
                : "The commit is safe in %s.".formatted(hub);
        throw new LoreleyException(
                FailureKind.GIT,
                "%s cannot be made to name %s in %s. %s\n%s"
                        .formatted(ref, commit.abbreviated(), source.describe(), advice, pushed.describe()));
    }

    /** The commit that a ref of the user's names, for a message. */
    private String named(Source.GitSource source, String ref) {
        List<String> line = new ArrayList<>(List.of("ls-remote"));
        if (source.root() != null) {
            line.add(Git.UPLOAD_PACK);
        }
        line.addAll(List.of(source.location(), ref));
        String answer = git.attempt(line.toArray(String[]::new)).text();
        return answer.length() < 12 ? "another commit" : answer.substring(0, 12);
    }
}
