package io.loreley.embedding;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.git.Hub;
import io.loreley.git.TreeChange;
import io.loreley.git.TreeEntry;
import io.loreley.mapelites.Vector;
import io.loreley.store.CommitAggregate;
import io.loreley.store.EmbeddingKey;
import io.loreley.store.EmbeddingStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sum of the file vectors of any commit: from the cache, else from that of a known commit and what differs, else from
 * all files. All ways give the same bits, because sums are exact, which files count follows from path and content alone,
 * and a sum is written only when every file had its answer. Any commit whose sum is known will do to start from: trees
 * are compared, not histories, so that merges, several commits in one step and a lost row are no special cases.
 *
 * <p>For one thread.
 */
final class CommitSums {

    private static final Logger LOG = LoggerFactory.getLogger(CommitSums.class);

    /** Files of one commit that are looked up at once. */
    private static final int PAGE = 4096;
    /** Ancestors looked at for a known sum; the root's is known in any case. */
    private static final int SEARCHED = 32;
    /** Sums kept in memory: bases of the next commits are among the latest. */
    private static final int REMEMBERED = 256;
    /** One of so many derived sums is compared with the sum of all files, and the first after every start is. */
    private static final int CHECK_EVERY = 256;

    private final Hub hub;
    private final EmbeddingStore store;
    private final ExperimentId experiment;
    private final FileSelection selection;
    private final FileVectors vectors;
    private final int dimensions;
    private final String model;
    private final Map<CommitHash, CommitAggregate> latest = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CommitHash, CommitAggregate> eldest) {
            return size() > REMEMBERED;
        }
    };

    private int derived;

    CommitSums(
            Hub hub,
            EmbeddingStore store,
            ExperimentId experiment,
            FileSelection selection,
            FileVectors vectors,
            int dimensions,
            String model) {
        this.hub = hub;
        this.store = store;
        this.experiment = experiment;
        this.selection = selection;
        this.vectors = vectors;
        this.dimensions = dimensions;
        this.model = model;
    }

    /** The sum of a commit that is known, or is added up from all of its files. */
    CommitAggregate whole(CommitHash commit) {
        return known(commit).orElseGet(() -> kept(summed(commit)));
    }

    /** The sum of a commit, starting from that of an ancestor if one is known, and from another commit's if none is. */
    CommitAggregate of(CommitHash commit, CommitAggregate lastResort) {
        return known(commit)
                .orElseGet(() -> kept(
                        derived(nearestKnown(commit).orElse(lastResort), commit).orElseGet(() -> summed(commit))));
    }

    private Optional<CommitAggregate> known(CommitHash commit) {
        CommitAggregate remembered = latest.get(commit);
        if (remembered != null) {
            return Optional.of(remembered);
        }
        Optional<CommitAggregate> stored = store.aggregate(experiment, commit, model);
        stored.ifPresent(aggregate -> latest.put(commit, aggregate));
        return stored;
    }

    private CommitAggregate kept(CommitAggregate aggregate) {
        store.keep(experiment, aggregate);
        latest.put(aggregate.commit(), aggregate);
        return aggregate;
    }

    /** Breadth first. */
    private Optional<CommitAggregate> nearestKnown(CommitHash commit) {
        Queue<CommitHash> ancestors = new ArrayDeque<>(hub.info(commit).parents());
        Set<CommitHash> seen = new HashSet<>();
        while (!ancestors.isEmpty() && seen.size() < SEARCHED) {
            CommitHash ancestor = ancestors.remove();
            if (seen.add(ancestor)) {
                Optional<CommitAggregate> aggregate = known(ancestor);
                if (aggregate.isPresent()) {
                    return aggregate;
                }
                ancestors.addAll(hub.info(ancestor).parents());
            }
        }
        return Optional.empty();
    }

    /**
     * The sum of a base, less what differs there, and what differs here; empty if a vector of the base is lost, or if so much
     * differs that only page by page the vectors fit into memory.
     */
    private Optional<CommitAggregate> derived(CommitAggregate base, CommitHash commit) {
        List<FileContent> gone = new ArrayList<>();
        List<FileContent> come = new ArrayList<>();
        for (TreeChange change : hub.changes(base.commit(), commit)) {
            if (selection.contains(change.oldMode(), change.path())) {
                gone.add(vectors.content(change.oldBlob(), change.path()));
            }
            if (selection.contains(change.newMode(), change.path())) {
                come.add(vectors.content(change.newBlob(), change.path()));
            }
        }
        if (gone.size() > PAGE || come.size() > PAGE) {
            return Optional.empty();
        }
        List<FileContent> both = new ArrayList<>(gone);
        both.addAll(come);
        Map<EmbeddingKey, Vector> known = vectors.known(both);
        if (!gone.stream().allMatch(content -> known.containsKey(content.key()))) {
            return Optional.empty();
        }
        Map<EmbeddingKey, Vector> all = vectors.completed(come, known);
        FileSum sum = FileSum.startingFrom(base);
        gone.forEach(content -> sum.remove(vectorOf(content, all)));
        come.forEach(content -> sum.add(vectorOf(content, all)));
        return Optional.of(checked(sum.of(commit, model)));
    }

    /** Now and then a derived sum is compared with that of all files, which then stands. */
    private CommitAggregate checked(CommitAggregate aggregate) {
        boolean isDue = derived % CHECK_EVERY == 0;
        derived++;
        if (!isDue) {
            return aggregate;
        }
        CommitAggregate whole = summed(aggregate.commit());
        if (whole.equals(aggregate)) {
            LOG.atInfo()
                    .addKeyValue("experiment", experiment)
                    .addKeyValue("commit", aggregate.commit())
                    .addKeyValue("files", whole.files())
                    .log("embedding.sum_checked");
        } else {
            LOG.atWarn()
                    .addKeyValue("experiment", experiment)
                    .addKeyValue("commit", aggregate.commit())
                    .addKeyValue("derived_files", aggregate.files())
                    .addKeyValue("files", whole.files())
                    .log("embedding.sum_corrected");
        }
        return whole;
    }

    private CommitAggregate summed(CommitHash commit) {
        List<FileContent> contents = new ArrayList<>();
        for (TreeEntry file : hub.files(commit)) {
            if (selection.contains(file.mode(), file.path())) {
                contents.add(vectors.content(file.blob(), file.path()));
            }
        }
        FileSum sum = new FileSum(dimensions);
        for (int start = 0; start < contents.size(); start += PAGE) {
            List<FileContent> page = contents.subList(start, Math.min(contents.size(), start + PAGE));
            Map<EmbeddingKey, Vector> found = vectors.of(page);
            page.forEach(content -> sum.add(vectorOf(content, found)));
        }
        return sum.of(commit, model);
    }

    private static Vector vectorOf(FileContent content, Map<EmbeddingKey, Vector> vectors) {
        Vector vector = vectors.get(content.key());
        if (vector == null) {
            throw new IllegalStateException("blob %s was asked for and has no answer".formatted(content.blob()));
        }
        return vector;
    }
}
