package io.loreley.worker;

import io.loreley.agent.Kinship;
import io.loreley.agent.mutation.Text;
import io.loreley.domain.CommitHash;
import io.loreley.git.Hub;
import io.loreley.git.TreeChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Kinship as the hub's commits tell it, without a git process of its own. Safe for many threads. */
public final class HubKinship implements Kinship {

    /** Larger files are not edited; bytes. */
    private static final long FILE_LIMIT = 256 * 1024;

    /** Files beyond it are not offered: a commit that changed so many is no source of single hunks. */
    private static final int MOST_FILES = 200;

    private final Hub hub;
    private final String prefix;

    /** @param subfolder where the work tree that agents are given begins; empty for the repository's root */
    public HubKinship(Hub hub, String subfolder) {
        this.hub = hub;
        this.prefix = subfolder.isEmpty() || subfolder.endsWith("/") ? subfolder : subfolder + "/";
    }

    @Override
    public List<Change> sinceParting(CommitHash base, CommitHash other) {
        return commonAncestor(base, other)
                .map(ancestor -> changes(ancestor, other))
                .orElse(List.of());
    }

    /** Goes up from both by turns until a commit has been seen from both sides; the root of the search at the latest. */
    private Optional<CommitHash> commonAncestor(CommitHash one, CommitHash other) {
        Ascent first = new Ascent(one);
        Ascent second = new Ascent(other);
        while (first.canGoOn() || second.canGoOn()) {
            Optional<CommitHash> met = first.step(second).or(() -> second.step(first));
            if (met.isPresent()) {
                return met;
            }
        }
        return Optional.empty();
    }

    private List<Change> changes(CommitHash ancestor, CommitHash commit) {
        List<TreeChange> texts = hub.changes(ancestor, commit).stream()
                .filter(change -> change.newMode().isFile() && change.path().startsWith(prefix))
                .limit(MOST_FILES)
                .toList();
        Set<String> blobs = new LinkedHashSet<>();
        for (TreeChange change : texts) {
            blobs.add(change.newBlob());
            if (change.oldMode().isFile()) {
                blobs.add(change.oldBlob());
            }
        }
        Map<String, String> contents = new HashMap<>();
        hub.readBlobs(
                blobs,
                FILE_LIMIT,
                (blob, bytes) -> Text.decode(bytes).ifPresent(text -> contents.put(blob, text.content())));
        List<Change> changes = new ArrayList<>();
        for (TreeChange change : texts) {
            String after = contents.get(change.newBlob());
            @Nullable String before = change.oldMode().isFile() ? contents.get(change.oldBlob()) : null;
            if (after != null && (before != null || !change.oldMode().isFile())) {
                changes.add(new Change(change.path().substring(prefix.length()), before, after));
            }
        }
        return changes;
    }

    /** The ancestors of one commit, nearest first. */
    private final class Ascent {

        private final Queue<CommitHash> next = new ArrayDeque<>();
        private final Set<CommitHash> seen = new HashSet<>();

        Ascent(CommitHash start) {
            next.add(start);
            seen.add(start);
        }

        boolean canGoOn() {
            return !next.isEmpty();
        }

        Optional<CommitHash> step(Ascent other) {
            CommitHash commit = next.poll();
            if (commit == null) {
                return Optional.empty();
            }
            if (other.seen.contains(commit)) {
                return Optional.of(commit);
            }
            hub.info(commit).parents().stream().filter(seen::add).forEach(next::add);
            return Optional.empty();
        }
    }
}
