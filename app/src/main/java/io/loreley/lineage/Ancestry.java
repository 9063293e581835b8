package io.loreley.lineage;

import io.loreley.domain.CommitHash;
import io.loreley.store.Ancestor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Recorded commits by what they were made from: each has one such commit, whatever git says of merges. A commit that is
 * not recorded ends every chain. Immutable.
 */
final class Ancestry {

    private final Map<CommitHash, Ancestor> known;

    Ancestry(List<Ancestor> ancestors) {
        Map<CommitHash, Ancestor> byCommit = new HashMap<>();
        ancestors.forEach(ancestor -> byCommit.put(ancestor.commit(), ancestor));
        this.known = Map.copyOf(byCommit);
    }

    /** One commit on a way, and how many commits lie between it and the first that is recorded. */
    record Step(Ancestor ancestor, int depth) {

        CommitHash commit() {
            return ancestor.commit();
        }
    }

    /** The youngest commit that both came from; one of the two, if the other came from it. It need not be recorded. */
    Optional<CommitHash> common(CommitHash one, CommitHash other) {
        Set<CommitHash> ofOne = new HashSet<>(chain(one));
        return chain(other).stream().filter(ofOne::contains).findFirst();
    }

    /** What led from an ancestor to a commit, oldest first: the ancestor left out, the commit included. */
    List<Step> path(CommitHash ancestor, CommitHash commit) {
        List<CommitHash> chain = chain(commit);
        int depth = (int) chain.stream().filter(known::containsKey).count() - 1;
        List<Step> path = new ArrayList<>();
        for (CommitHash each : chain) {
            Ancestor found = known.get(each);
            if (each.equals(ancestor) || found == null) {
                break;
            }
            path.add(new Step(found, depth--));
        }
        Collections.reverse(path);
        return path;
    }

    /** The commit, what it was made from, and so on; the last may not be recorded. */
    private List<CommitHash> chain(CommitHash commit) {
        List<CommitHash> chain = new ArrayList<>();
        Set<CommitHash> seen = new HashSet<>();
        @Nullable CommitHash next = commit;
        while (next != null && seen.add(next)) {
            chain.add(next);
            Ancestor found = known.get(next);
            next = found == null ? null : found.parent();
        }
        return chain;
    }
}
