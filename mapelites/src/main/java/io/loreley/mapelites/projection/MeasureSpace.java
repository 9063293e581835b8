package io.loreley.mapelites.projection;

import io.loreley.mapelites.Vector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A behaviour space whose axes may be learned from embeddings, be numbers that are known of each candidate, or some of each.
 * Like {@link BehaviourSpace}, which it uses for the learned ones, it observes candidates and now and then lays them out
 * anew; what it does follows from the layout, the history and the seed. For one thread.
 */
public final class MeasureSpace<K> {

    private final List<Axes> axes;
    private final ProjectionSettings settings;
    private final @Nullable BehaviourSpace<K> learned;
    private final @Nullable RangeFit fit;
    private final SequencedMap<K, Vector> values = new LinkedHashMap<>();
    private @Nullable Layout layout;

    private MeasureSpace(
            List<Axes> axes,
            ProjectionSettings settings,
            @Nullable BehaviourSpace<K> learned,
            @Nullable Layout layout) {
        this.axes = List.copyOf(axes);
        this.settings = settings;
        this.learned = learned;
        this.layout = layout;
        List<Axes.Measured> measured = axes.stream()
                .filter(Axes.Measured.class::isInstance)
                .map(Axes.Measured.class::cast)
                .toList();
        this.fit = measured.isEmpty() ? null : new RangeFit(measured, settings);
    }

    /**
     * A space as it was when its layout and history were stored.
     *
     * @param axes at least one; at most one of them learned
     * @param settings of the learned axes and of the history; its dimensions are those of the learned axes, if there are any
     * @param layout none if nothing was observed
     * @param history traits as they were observed, oldest first
     */
    public static <K> MeasureSpace<K> restore(
            List<Axes> axes,
            ProjectionSettings settings,
            long seed,
            @Nullable Layout layout,
            SequencedMap<K, Traits> history) {
        requireOneLearned(axes, settings);
        BehaviourSpace<K> learned = null;
        if (axes.stream().anyMatch(Axes.Learned.class::isInstance)) {
            SequencedMap<K, Vector> embeddings = new LinkedHashMap<>();
            history.forEach((key, traits) -> embeddings.putLast(key, traits.embedding()));
            learned = BehaviourSpace.restore(settings, seed, layout == null ? null : layout.projection(), embeddings);
        }
        var space = new MeasureSpace<K>(axes, settings, learned, layout);
        int dimensions = axes.stream().mapToInt(Axes::count).sum();
        if (layout != null && layout.dimensions() != dimensions) {
            throw new IllegalArgumentException("the stored layout has %d dimensions, the settings ask for %d"
                    .formatted(layout.dimensions(), dimensions));
        }
        history.forEach((key, traits) -> space.remember(key, traits.values()));
        return space;
    }

    private static void requireOneLearned(List<Axes> axes, ProjectionSettings settings) {
        List<Axes> learned =
                axes.stream().filter(Axes.Learned.class::isInstance).toList();
        if (axes.isEmpty() || learned.size() > 1) {
            throw new IllegalArgumentException(
                    "a space with %d axes, learned in %d places".formatted(axes.size(), learned.size()));
        }
        if (learned.size() == 1 && learned.getFirst().count() != settings.dimensions()) {
            throw new IllegalArgumentException("%d learned axes and a projection to %d"
                    .formatted(learned.getFirst().count(), settings.dimensions()));
        }
    }

    /**
     * Records what is known of a candidate. A key that is known already gets the new traits and becomes the newest.
     *
     * @return the new layout, if this observation was the cause of one; measures of an older one are then worthless
     */
    public Optional<Layout> observe(K key, Traits traits) {
        remember(key, traits.values());
        Projection projection = layout == null ? null : layout.projection();
        Ranges ranges = layout == null ? null : layout.ranges();
        boolean isNew = false;
        if (learned != null) {
            Optional<Projection> fitted = learned.observe(key, traits.embedding());
            isNew = fitted.isPresent();
            projection = fitted.orElse(projection);
        }
        if (fit != null && fit.isDue(ranges, values.values())) {
            ranges = fit.of(values.values());
            isNew = true;
        }
        if (!isNew) {
            return Optional.empty();
        }
        Layout made = new Layout(layout == null ? 1 : layout.version() + 1, projection, ranges);
        layout = made;
        return Optional.of(made);
    }

    /** What {@link #measures} uses; none before the first observation. */
    public Optional<Layout> layout() {
        return Optional.ofNullable(layout);
    }

    /**
     * Where a candidate lies: one value from 0 to 1 an axis, in the order of the axes.
     *
     * @throws IllegalStateException if nothing was observed yet
     */
    public Vector measures(Traits traits) {
        if (layout == null) {
            throw new IllegalStateException("a behaviour space has no axes before its first observation");
        }
        requireValues(traits.values());
        double[] measures = new double[layout.dimensions()];
        int axis = 0;
        int measured = 0;
        for (Axes part : axes) {
            switch (part) {
                case Axes.Learned _ -> {
                    for (double measure : projected(traits)) {
                        measures[axis++] = measure;
                    }
                }
                case Axes.Measured _ -> {
                    measures[axis++] = bounds(measured).position(traits.values().get(measured));
                    measured++;
                }
            }
        }
        return Vector.of(measures);
    }

    private double[] projected(Traits traits) {
        if (learned == null) {
            throw new IllegalStateException("there are no learned axes. Indicates a bug.");
        }
        return learned.measures(traits.embedding()).toArray();
    }

    private Bounds bounds(int measured) {
        Ranges ranges = layout == null ? null : layout.ranges();
        if (ranges == null) {
            throw new IllegalStateException("a measured axis has no bounds. Indicates a bug.");
        }
        return ranges.bounds().get(measured);
    }

    private void remember(K key, Vector measured) {
        requireValues(measured);
        values.remove(key);
        values.putLast(key, measured);
        if (values.size() > settings.historySize()) {
            values.pollFirstEntry();
        }
    }

    private void requireValues(Vector given) {
        long expected = axes.stream().filter(Axes.Measured.class::isInstance).count();
        if (given.length() != expected) {
            throw new IllegalArgumentException("%d values for %d measured axes".formatted(given.length(), expected));
        }
    }
}
