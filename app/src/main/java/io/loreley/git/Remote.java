package io.loreley.git;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.Captured;
import io.loreley.process.Credentials;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The bare repository through which the hubs of several machines exchange commits. Git speaks to it as the user, with
 * their keys and helpers. Each step can be repeated. Safe for many threads.
 */
public final class Remote {

    /** How git, ssh and servers say that we may not write. */
    private static final Pattern NO_RIGHTS = Pattern.compile(
            "(?i)\\b(?:denied|forbidden|(?:error:|http) ?40[13]|read-only|insufficient permission|hook declined"
                    + "|not allowed|could not read username|authentication failed)\\b");

    /** How git says that another process names the same ref at this moment. */
    private static final Pattern LOCKED = Pattern.compile("\\b(?:cannot lock|failed to lock)\\b|\\.lock\\b");

    /** Processes that start together push the same root; each push takes a moment, so that no pause is needed. */
    private static final int TRIES_AT_A_LOCK = 10;

    private final Git git;
    private final String url;

    Remote(Git git, String url) {
        if (!Credentials.mask(url).equals(url)) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "the git remote %s carries a password, which every process of this machine could read; give it to a credential helper, or use ssh"
                            .formatted(Credentials.mask(url)));
        }
        this.git = git;
        this.url = url;
    }

    /**
     * Makes sure that we may write there, by writing the root.
     *
     * @throws LoreleyException of kind CONFIGURATION if we may not, REMOTE if it cannot be reached
     */
    public void requireRights(CommitHash root) {
        push(Hub.ROOTS + root, root);
    }

    /**
     * Makes a ref there name a commit, and sends what it lacks.
     *
     * @throws LoreleyException of kind REMOTE if it cannot be reached: try again; CONFIGURATION if we may not write
     */
    public void push(String ref, CommitHash commit) {
        Captured pushed = tryPush(ref, commit);
        for (int i = 0; i < TRIES_AT_A_LOCK && isLocked(pushed); i++) {
            pushed = tryPush(ref, commit);
        }
        if (!pushed.success()) {
            throw failure(pushed, "%s cannot be made to name %s".formatted(ref, commit.abbreviated()));
        }
    }

    private Captured tryPush(String ref, CommitHash commit) {
        return ask(
                List.of("push", "--quiet", "--force", "--no-verify"),
                Git.RECEIVE_PACK,
                List.of("%s:%s".formatted(commit, ref)));
    }

    private boolean isLocked(Captured pushed) {
        return !pushed.success() && LOCKED.matcher(said(pushed)).find();
    }

    /** What git printed of an error, without the URL, which may hold any word. */
    private String said(Captured answer) {
        return answer.error().replace(url, "");
    }

    /** Takes refs away; those that are not there are gone already. */
    public void delete(Collection<String> refs) {
        // git lists more than it was asked for: every ref that ends like one of these
        List<String> there = refs(refs).stream().filter(refs::contains).toList();
        if (there.isEmpty()) {
            return;
        }
        Captured pushed = ask(
                List.of("push", "--quiet", "--no-verify"),
                Git.RECEIVE_PACK,
                there.stream().map(ref -> ":" + ref).toList());
        if (!pushed.success()) {
            throw failure(pushed, "%d refs cannot be taken away".formatted(there.size()));
        }
    }

    /** Those of the refs, or of the patterns with an asterisk, that are there. */
    public List<String> refs(Collection<String> patterns) {
        if (patterns.isEmpty()) {
            return List.of(); // git would list all
        }
        Captured listed = ask(List.of("ls-remote", "--quiet"), Git.UPLOAD_PACK, patterns);
        if (!listed.success()) {
            throw failure(listed, "its refs cannot be listed");
        }
        return listed.text()
                .lines()
                .map(each -> each.substring(each.indexOf('\t') + 1))
                .toList();
    }

    /**
     * Brings a commit here, with its history.
     *
     * @return whether it is there
     * @throws LoreleyException of kind REMOTE if it cannot be reached
     */
    boolean fetch(CommitHash commit) {
        Captured fetched = ask(
                List.of("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--recurse-submodules=no"),
                Git.UPLOAD_PACK,
                List.of(commit.value()));
        if (!fetched.success() && !fetched.error().contains("not our ref")) {
            throw failure(fetched, "commit %s cannot be fetched".formatted(commit.abbreviated()));
        }
        return fetched.success();
    }

    /**
     * @param otherEnd for a folder of this machine alone: over ssh it would be a command, and an account that is for git only
     *     knows no options
     */
    private Captured ask(List<String> order, String otherEnd, Collection<String> what) {
        List<String> line = new ArrayList<>(order);
        if (RemoteUrl.isLocal(url)) {
            line.add(otherEnd);
        }
        line.add(url);
        line.addAll(what);
        return git.attempt(line.toArray(String[]::new));
    }

    static boolean saysNoRights(String error) {
        return NO_RIGHTS.matcher(error).find();
    }

    public String describe() {
        return url;
    }

    private LoreleyException failure(Captured answer, String what) {
        boolean refused = saysNoRights(said(answer));
        String advice = refused
                ? "We may not write there: give this user the right to push, or name another with --git-remote."
                : "Is it there, and can this machine reach it?";
        return new LoreleyException(
                refused ? FailureKind.CONFIGURATION : FailureKind.REMOTE,
                "git remote %s: %s. %s\n%s".formatted(url, what, advice, answer.describe()));
    }
}
