package io.loreley.scheduler;

import io.loreley.domain.Limits;
import io.loreley.mapelites.projection.Axes;
import io.loreley.mapelites.projection.Bounds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code search.measures}: {@code learned}, a metric's name, or {@code name from 0 to 100}. */
final class MeasureAxes {

    /** What stands for the axes that are learned from embeddings. */
    static final String LEARNED = "learned";

    private static final String NUMBER = "([-+]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d{1,3})?)";
    private static final Pattern BOUNDED = Pattern.compile("(.+?)\\s+from\\s+" + NUMBER + "\\s+to\\s+" + NUMBER);

    private MeasureAxes() {}

    /**
     * @param dimensions how many axes {@code learned} stands for
     * @throws IllegalArgumentException with what is wrong
     */
    static List<Axes> read(List<String> measures, int dimensions) {
        if (measures.isEmpty()) {
            throw new IllegalArgumentException("measures: name at least one, as learned or the name of a metric");
        }
        List<Axes> axes = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String measure : measures) {
            Axes read = measure.strip().equals(LEARNED) ? new Axes.Learned(dimensions) : measured(measure.strip());
            String name = read instanceof Axes.Measured(String metric, var _) ? metric : LEARNED;
            if (!names.add(name)) {
                throw new IllegalArgumentException("measures: '%s' is named twice".formatted(name));
            }
            axes.add(read);
        }
        return List.copyOf(axes);
    }

    private static Axes.Measured measured(String measure) {
        Matcher bounded = BOUNDED.matcher(measure);
        boolean hasBounds = bounded.matches();
        String name = hasBounds ? bounded.group(1) : measure;
        Limits.requireText("a metric of measures", name, Limits.METRIC_NAME);
        return new Axes.Measured(name, hasBounds ? bounds(measure, bounded) : null);
    }

    private static @Nullable Bounds bounds(String measure, Matcher bounded) {
        try {
            return new Bounds(Double.parseDouble(bounded.group(2)), Double.parseDouble(bounded.group(3)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("measures: '%s': %s".formatted(measure, e.getMessage()), e);
        }
    }
}
