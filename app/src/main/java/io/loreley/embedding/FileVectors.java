package io.loreley.embedding;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.git.BlobVisitor;
import io.loreley.git.Hub;
import io.loreley.mapelites.Vector;
import io.loreley.store.EmbeddingKey;
import io.loreley.store.EmbeddingStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of file contents: from the cache, else read from Git's objects, embedded and cached. A file that is no text,
 * too large or says nothing has the empty vector, and that is cached as well.
 *
 * <p>Elements are multiples of a power of two. Sums of them are exact, in any order, as long as they stay below 2^33, so
 * that adding and taking away again leaves nothing behind.
 *
 * <p>For one thread. It reads; while there is more to read, others embed and write.
 */
final class FileVectors {

    /** Elements are multiples of one by this. */
    private static final double GRID = 1 << 20;

    private final EmbeddingSettings settings;
    private final TextPipeline pipeline;
    private final Embedder embedder;
    private final Hub hub;
    private final EmbeddingStore store;
    private final ExperimentId experiment;
    private final Map<Language, String> models = new EnumMap<>(Language.class);

    FileVectors(EmbeddingSettings settings, Embedder embedder, Hub hub, EmbeddingStore store, ExperimentId experiment) {
        this.settings = settings;
        this.pipeline = new TextPipeline(settings);
        this.embedder = embedder;
        this.hub = hub;
        this.store = store;
        this.experiment = experiment;
        for (Language language : Language.values()) {
            models.put(language, model(language));
        }
    }

    private String model(Language language) {
        return Fingerprint.of(
                embedder,
                TextPipeline.VERSION,
                settings.maxFileBytes(),
                settings.chunkLines(),
                settings.stripComments() ? language : Language.PLAIN);
    }

    /** A blob as the file at a path. */
    FileContent content(String blob, String path) {
        Language language = Language.of(path);
        return new FileContent(new EmbeddingKey(blob, models.getOrDefault(language, "")), language);
    }

    /** The vectors that are in the cache. */
    Map<EmbeddingKey, Vector> known(Collection<FileContent> contents) {
        return store.find(
                experiment, contents.stream().map(FileContent::key).distinct().toList());
    }

    /** The vectors of all. */
    Map<EmbeddingKey, Vector> of(Collection<FileContent> contents) {
        return completed(contents, known(contents));
    }

    /** The vectors of all, of which some are known. */
    Map<EmbeddingKey, Vector> completed(Collection<FileContent> contents, Map<EmbeddingKey, Vector> known) {
        Map<String, List<FileContent>> missing = new LinkedHashMap<>();
        contents.stream()
                .filter(content -> !known.containsKey(content.key()))
                .distinct()
                .forEach(content -> missing.computeIfAbsent(content.blob(), blob -> new ArrayList<>())
                        .add(content));
        if (missing.isEmpty()) {
            return known;
        }
        Map<EmbeddingKey, Vector> vectors = new HashMap<>(known);
        vectors.putAll(embedded(missing));
        return vectors;
    }

    private Map<EmbeddingKey, Vector> embedded(Map<String, List<FileContent>> missing) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Reading reading = new Reading(missing, threads);
            try {
                hub.readBlobs(missing.keySet(), settings.maxFileBytes(), reading);
                return reading.vectors();
            } catch (LoreleyException e) {
                threads.shutdownNow();
                throw e;
            }
        }
    }

    /** Embeds the texts of a batch at one go, and writes the vectors of its files. */
    private Map<EmbeddingKey, Vector> embedded(FileBatch batch) {
        Map<FileContent, List<String>> texts = batch.texts(pipeline::texts);
        List<Vector> chunks =
                embedder.embed(texts.values().stream().flatMap(List::stream).toList());
        Map<EmbeddingKey, Vector> vectors = new LinkedHashMap<>();
        int next = 0;
        for (var file : texts.entrySet()) {
            int count = file.getValue().size();
            vectors.put(file.getKey().key(), sum(chunks.subList(next, next + count)));
            next += count;
        }
        return store.keep(experiment, embedder.dimensions(), vectors);
    }

    private Vector sum(List<Vector> chunks) {
        if (chunks.isEmpty()) {
            return Vector.of();
        }
        double[] sum = new double[embedder.dimensions()];
        for (Vector chunk : chunks) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += chunk.get(i);
            }
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] = Math.rint(sum[i] * GRID) / GRID;
        }
        return Vector.of(sum);
    }

    /** Gathers blobs as they are read, and hands full batches to other threads. The last batch is its own thread's. */
    private final class Reading implements BlobVisitor {

        private final Map<String, List<FileContent>> wanted;
        private final ExecutorService threads;
        private final List<Future<Map<EmbeddingKey, Vector>>> running = new ArrayList<>();
        /** Bounds the bytes in memory. */
        private final Semaphore room =
                new Semaphore(Math.max(Runtime.getRuntime().availableProcessors() + 1, embedder.callsAtOnce()));

        private FileBatch batch = new FileBatch(embedder.textsAtOnce());
        /** What went wrong first. After it, no more is begun. */
        private volatile @Nullable LoreleyException failure;

        Reading(Map<String, List<FileContent>> wanted, ExecutorService threads) {
            this.wanted = wanted;
            this.threads = threads;
        }

        @Override
        public void blob(String hash, byte[] content) {
            wanted.getOrDefault(hash, List.of()).forEach(file -> batch.add(file, content));
            if (batch.isFull()) {
                FileBatch full = batch;
                batch = new FileBatch(embedder.textsAtOnce());
                awaitRoom();
                running.add(threads.submit(() -> {
                    try {
                        return embedded(full);
                    } catch (LoreleyException e) {
                        failure = e;
                        throw e;
                    } finally {
                        room.release();
                    }
                }));
            }
        }

        private void awaitRoom() {
            try {
                room.acquire();
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            requireNoFailure();
        }

        private void requireNoFailure() {
            LoreleyException known = failure;
            if (known != null) {
                throw known;
            }
        }

        @Override
        public void tooLarge(String hash, long size) {
            wanted.getOrDefault(hash, List.of()).forEach(batch::addEmpty);
        }

        Map<EmbeddingKey, Vector> vectors() {
            requireNoFailure();
            Map<EmbeddingKey, Vector> vectors = new HashMap<>(embedded(batch));
            try {
                for (Future<Map<EmbeddingKey, Vector>> future : running) {
                    vectors.putAll(future.get());
                }
                return vectors;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof LoreleyException known) {
                    throw known;
                }
                throw new LoreleyException(FailureKind.INTERNAL, "files cannot be embedded: " + e.getCause(), e);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }

        private static LoreleyException interrupted(InterruptedException e) {
            Thread.currentThread().interrupt();
            return new LoreleyException(FailureKind.INTERRUPTED, "interrupted while files were embedded", e);
        }
    }
}
