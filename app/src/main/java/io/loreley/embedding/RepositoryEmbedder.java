package io.loreley.embedding;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.git.BlobVisitor;
import io.loreley.git.Hub;
import io.loreley.git.TreeEntry;
import io.loreley.store.CommitAggregate;
import io.loreley.store.EmbeddingStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says where the commits of an experiment lie before any projection. The first commit costs reading every file once;
 * every other costs what differs from a commit that is known. Which files are ignored is settled by the root commit, so
 * that a commit cannot move by changing its ignore files. For one thread.
 */
public final class RepositoryEmbedder {

    /** At the top of the repository and of the part that is searched; later ones may override earlier ones. */
    private static final List<String> IGNORE_FILES = List.of(".gitignore", ".loreleyignore");

    /** A larger ignore file is taken for a mistake; bytes. */
    private static final int LARGEST_IGNORE_FILE = 1 << 20;

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
            SequencedMap<String, String> files = ignoreFiles();
            IgnoreRules rules = IgnoreRules.NONE;
            StringBuilder text = new StringBuilder();
            for (var file : files.entrySet()) {
                String folder = file.getKey().substring(0, file.getKey().lastIndexOf('/') + 1);
                rules = rules.then(IgnoreRules.parse(file.getValue(), folder));
                text.append(file.getValue()).append('\n');
            }
            String model = Fingerprint.of(
                    embedder, VERSION, TextPipeline.VERSION, settings.treatment(), subfolder, root, text.toString());
            known = new Pinned(rules, model);
            pinned = known;
        }
        return known;
    }

    /**
     * The texts of the ignore files of the root commit by their paths, those that may be overridden first. One that is missing
     * at the top is empty.
     */
    private SequencedMap<String, String> ignoreFiles() {
        SequencedMap<String, String> texts = new LinkedHashMap<>();
        IGNORE_FILES.forEach(name -> texts.put(name, ""));
        Map<String, List<String>> paths = new HashMap<>();
        Set<String> wanted = ignorePaths();
        for (TreeEntry file : hub.files(root)) {
            if (file.mode().isFile() && wanted.contains(file.path())) {
                paths.computeIfAbsent(file.blob(), _ -> new ArrayList<>()).add(file.path());
            }
        }
        Map<String, String> found = new HashMap<>();
        hub.readBlobs(paths.keySet(), LARGEST_IGNORE_FILE, new BlobVisitor() {
            @Override
            public void blob(String hash, byte[] content) {
                String text = new String(content, StandardCharsets.UTF_8);
                paths.getOrDefault(hash, List.of()).forEach(path -> found.put(path, text));
            }

            @Override
            public void tooLarge(String hash, long size) {
                throw tooLargeToIgnore(String.join(", ", paths.getOrDefault(hash, List.of())), size);
            }
        });
        wanted.stream().filter(found::containsKey).forEach(path -> texts.put(path, found.get(path)));
        return texts;
    }

    private Set<String> ignorePaths() {
        Set<String> paths = new LinkedHashSet<>(IGNORE_FILES);
        if (!subfolder.isEmpty()) {
            IGNORE_FILES.forEach(name -> paths.add(subfolder + "/" + name));
        }
        return paths;
    }

    private LoreleyException tooLargeToIgnore(String paths, long size) {
        return new LoreleyException(
                FailureKind.CONFIGURATION,
                "%s of commit %s is too large for an ignore file: %d kB, and at most %d are read. Make it shorter, and start a new experiment from a commit with it."
                        .formatted(paths, root.abbreviated(), size / 1024, LARGEST_IGNORE_FILE / 1024));
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
