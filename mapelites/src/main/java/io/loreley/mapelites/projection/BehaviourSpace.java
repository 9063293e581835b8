package io.loreley.mapelites.projection;

import io.loreley.mapelites.Vector;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Learns the axes of a behaviour space from the embeddings it observes, and maps embeddings to measures.
 *
 * <p>The first projection is random; from {@link ProjectionSettings#minFitSamples()} embeddings on, principal components
 * take its place. Both are fitted again each time the history has grown by {@link ProjectionSettings#refitGrowth()}, and a
 * last time when it is full, so that the axes follow the search at first and settle later. Whether a fit is due, and
 * its result to the last bit, follow from the history, the projection and the seed: a space that was restored goes on as
 * the one that was stored. For one thread.
 */
public final class BehaviourSpace<K> {

    private final ProjectionSettings settings;
    private final ProjectionFit fit;
    private final SequencedMap<K, Vector> history = new LinkedHashMap<>();
    private @Nullable Projection projection;

    public BehaviourSpace(ProjectionSettings settings, long seed) {
        this.settings = settings;
        this.fit = new ProjectionFit(settings.dimensions(), seed);
    }

    /**
     * A space as it was when its projection and history were stored.
     *
     * @param projection none if nothing was observed
     * @param history embeddings as they were observed, oldest first
     */
    public static <K> BehaviourSpace<K> restore(
            ProjectionSettings settings, long seed, @Nullable Projection projection, SequencedMap<K, Vector> history) {
        BehaviourSpace<K> space = new BehaviourSpace<>(settings, seed);
        if (projection != null && projection.dimensions() != settings.dimensions()) {
            throw new IllegalArgumentException("the stored projection has %d dimensions, the settings ask for %d"
                    .formatted(projection.dimensions(), settings.dimensions()));
        }
        space.projection = projection;
        history.forEach(space::remember);
        return space;
    }

    /**
     * Records an embedding. A key that is known already gets the new embedding and becomes the newest.
     *
     * @return the new projection, if this observation was the cause of one; measures of an older one are then worthless
     * @throws IllegalArgumentException if the embedding is not as long as the others
     */
    public Optional<Projection> observe(K key, Vector embedding) {
        remember(key, embedding);
        if (!fitIsDue()) {
            return Optional.empty();
        }
        int version = projection == null ? 1 : projection.version() + 1;
        CentredSample sample =
                CentredSample.of(history.values().stream().map(this::prepared).toArray(double[][]::new));
        Projection fitted = history.size() >= settings.minFitSamples()
                ? fit.principal(version, sample)
                : fit.random(version, sample);
        projection = fitted;
        return Optional.of(fitted);
    }

    /** The projection that {@link #measures} uses; none before the first observation. */
    public Optional<Projection> projection() {
        return Optional.ofNullable(projection);
    }

    /**
     * Where an embedding lies in the behaviour space: one value from 0 to 1 an axis.
     *
     * @throws IllegalStateException if nothing was observed yet
     */
    public Vector measures(Vector embedding) {
        if (projection == null) {
            throw new IllegalStateException("a behaviour space has no axes before its first observation");
        }
        return projection.project(Vector.of(prepared(embedding)));
    }

    /** The embeddings that are remembered, oldest first; a view. */
    public SequencedMap<K, Vector> history() {
        return Collections.unmodifiableSequencedMap(history);
    }

    private void remember(K key, Vector embedding) {
        requireLength(embedding);
        history.remove(key);
        history.putLast(key, embedding);
        if (history.size() > settings.historySize()) {
            history.pollFirstEntry();
        }
    }

    private boolean fitIsDue() {
        if (projection == null) {
            return true;
        }
        int size = history.size();
        if (projection.method() == Projection.Method.RANDOM && size >= settings.minFitSamples()) {
            return true;
        }
        double next = Math.min(projection.samples() * settings.refitGrowth(), settings.historySize());
        return size > projection.samples() && size >= next;
    }

    private double[] prepared(Vector embedding) {
        double[] values = embedding.toArray();
        double norm = Linear.norm(values);
        if (settings.normalize() && norm > 0) {
            Linear.scale(values, 1 / norm);
        }
        return values;
    }

    private void requireLength(Vector embedding) {
        int expected = projection != null
                ? projection.mean().length()
                : history.isEmpty()
                        ? embedding.length()
                        : history.firstEntry().getValue().length();
        if (embedding.length() != expected) {
            throw new IllegalArgumentException(
                    "an embedding of length %d in a behaviour space made from embeddings of length %d"
                            .formatted(embedding.length(), expected));
        }
        if (embedding.length() < settings.dimensions()) {
            throw new IllegalArgumentException("an embedding of length %d cannot have %d measures"
                    .formatted(embedding.length(), settings.dimensions()));
        }
    }
}
