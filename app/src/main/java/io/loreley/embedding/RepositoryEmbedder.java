package io.loreley.embedding;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.git.Hub;
import io.loreley.git.TreeEntry;
import io.loreley.store.CommitAggregate;
import io.loreley.store.EmbeddingStore;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says where the commits of an experiment lie before any projection. The first commit costs reading every file once;
 * every other costs what differs from a commit that is known. Which files are ignored is settled by the root commit, so
 * that a commit cannot move by changing its ignore files. For one thread.
 */
public final class RepositoryEmbedder {

    /** At the top of the repository; later ones may override earlier ones. */
    private static final List<String> IGNORE_FILES = List.of(".gitignore", ".loreleyignore");

    /** Raised whenever the same files give another vector, or other files are chosen, than before. */
    private static final int VERSION = 2;

    private final EmbeddingSettings settings;
    private final Hub hub;
    private final EmbeddingStore store;
    private final Embedder embedder;
    private final ExperimentId experiment;
    private final String subfolder;
    private final CommitHash root;
    private @Nullable Pinned pinned;
    private @Nullable Opened opened;

    /**
     * @param subfolder the part of the repository that is searched; empty for all of it
     * @param root the commit that distances are measured from
     */
    public RepositoryEmbedder(
            EmbeddingSettings settings,
            Hub hub,
            EmbeddingStore store,
            Embedder embedder,
            ExperimentId experiment,
            String subfolder,
            CommitHash root) {
        this.settings = settings;
        this.hub = hub;
        this.store = store;
        this.embedder = embedder;
        this.experiment = experiment;
        this.subfolder = subfolder;
        this.root = root;
    }

    /** Names what commits are embedded with: vectors of different models say nothing about one another. */
    public String model() {
        return pinned().model;
    }

    /**
     * Embeds the repository state of a commit.
     *
     * @throws LoreleyException of kind EMBEDDING if the commit holds no file that counts, of kind GIT if one of its objects
     *     cannot be read
     */
    public CommitEmbedding embed(CommitHash commit) {
        Opened ready = open();
        CommitAggregate sum = ready.sums.of(commit, ready.rootSum);
        if (sum.files() == 0) {
            throw new LoreleyException(FailureKind.EMBEDDING, nothingIn(commit));
        }
        return new CommitEmbedding(ready.displacement.of(sum.sum()), sum.files(), model());
    }

    private Opened open() {
        Opened known = opened;
        if (known == null) {
            FileSelection selection = new FileSelection(settings, subfolder, pinned().ignored);
            FileVectors vectors = new FileVectors(settings, embedder, hub, store, experiment);
            CommitSums sums =
                    new CommitSums(hub, store, experiment, selection, vectors, embedder.dimensions(), model());
            CommitAggregate rootSum = sums.whole(root);
            known = new Opened(sums, rootSum, new Displacement(rootSum.sum()));
            opened = known;
        }
        return known;
    }

    private Pinned pinned() {
        Pinned known = pinned;
        if (known == null) {
            String ignored = ignoreText();
            String model = Fingerprint.of(
                    embedder, VERSION, TextPipeline.VERSION, settings.treatment(), subfolder, root, ignored);
            known = new Pinned(IgnoreRules.parse(ignored), model);
            pinned = known;
        }
        return known;
    }

    /** The ignore files of the root commit, one after the other. */
    private String ignoreText() {
        Map<String, String> blobs = new HashMap<>();
        for (TreeEntry file : hub.files(root)) {
            if (file.mode().isFile() && IGNORE_FILES.contains(file.path())) {
                blobs.put(file.path(), file.blob());
            }
        }
        Map<String, String> texts = new HashMap<>();
        hub.readBlobs(
                blobs.values(),
                settings.maxFileBytes(),
                (hash, content) -> texts.put(hash, new String(content, StandardCharsets.UTF_8)));
        StringBuilder all = new StringBuilder();
        for (String name : IGNORE_FILES) {
            all.append(texts.getOrDefault(blobs.getOrDefault(name, ""), "")).append('\n');
        }
        return all.toString();
    }

    private String nothingIn(CommitHash commit) {
        return "commit %s holds no file that counts%s: no text up to %d kB%s that is neither ignored nor excluded. See `embedding` in loreley.yaml."
                .formatted(
                        commit.abbreviated(),
                        subfolder.isEmpty() ? "" : " in " + subfolder,
                        settings.maxFileKilobytes(),
                        settings.extensions().isEmpty()
                                ? ""
                                : " ending in " + String.join(", ", settings.extensions()));
    }

    /** What the root commit settles. */
    private record Pinned(IgnoreRules ignored, String model) {}

    private record Opened(CommitSums sums, CommitAggregate rootSum, Displacement displacement) {}
}
