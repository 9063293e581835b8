package io.loreley.mapelites.projection;

import io.loreley.mapelites.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the bounds of measured axes: those that the user gave, else the 2 % and 98 % quantiles of what was observed with a
 * tenth of their distance added, so that a few outliers do not squeeze the rest into one cell.
 *
 * <p>Bounds are found anew when the sample has grown, and when what is observed has wandered off: a metric that the search
 * improves leaves the range that it had at first.
 */
final class RangeFit {

    private static final double LOWER_QUANTILE = 0.02;
    private static final double UPPER_QUANTILE = 0.98;
    /** What is added beyond each quantile, as a part of their distance. */
    private static final double MARGIN = 0.1;
    /** Half the width of an axis on which only one value was seen, as a part of that value. */
    private static final double UNKNOWN_SPREAD = 0.5;
    /** More than this part of the sample beyond the bounds of an axis asks for new ones; a fit leaves at most 4 %. */
    private static final double TOLERATED_OUTSIDE = 0.1;
    /** Keeps the width of an axis finite: values beyond stand for no value, and no bounds are made to contain them. */
    private static final double LARGEST = Double.MAX_VALUE / 4;

    private final List<Axes.Measured> axes;
    private final ProjectionSettings settings;

    RangeFit(List<Axes.Measured> axes, ProjectionSettings settings) {
        this.axes = axes;
        this.settings = settings;
    }

    /** Whether there should be new ranges, given those that there are. */
    boolean isDue(@Nullable Ranges ranges, Collection<Vector> sample) {
        if (ranges == null) {
            return true;
        }
        double next = Math.min(ranges.samples() * settings.refitGrowth(), settings.historySize());
        boolean hasGrown = sample.size() > ranges.samples() && sample.size() >= next;
        for (int axis = 0; axis < axes.size(); axis++) {
            if (axes.get(axis).bounds() == null
                    && (hasGrown || isLeft(ranges.bounds().get(axis), axis, sample))) {
                return true;
            }
        }
        return false;
    }

    Ranges of(Collection<Vector> sample) {
        List<Bounds> bounds = new ArrayList<>();
        for (int axis = 0; axis < axes.size(); axis++) {
            Bounds given = axes.get(axis).bounds();
            bounds.add(given != null ? given : fitted(values(sample, axis)));
        }
        return new Ranges(bounds, sample.size());
    }

    private static boolean isLeft(Bounds bounds, int axis, Collection<Vector> sample) {
        long outside = sample.stream()
                .mapToDouble(values -> values.get(axis))
                .filter(value -> Math.abs(value) <= LARGEST && !bounds.contains(value))
                .count();
        return outside > TOLERATED_OUTSIDE * sample.size();
    }

    private static double[] values(Collection<Vector> sample, int axis) {
        return sample.stream().mapToDouble(values -> values.get(axis)).toArray();
    }

    private static Bounds fitted(double[] values) {
        Arrays.sort(values);
        double low = Math.clamp(Quantiles.of(values, LOWER_QUANTILE), -LARGEST, LARGEST);
        double high = Math.clamp(Quantiles.of(values, UPPER_QUANTILE), -LARGEST, LARGEST);
        double margin = MARGIN * (high - low);
        if (!(low - margin < low && high < high + margin)) {
            // One value, or values that differ by less than doubles can tell.
            margin = UNKNOWN_SPREAD * Math.max(Math.abs(high), Math.abs(low));
            margin = margin > 0 ? margin : UNKNOWN_SPREAD;
        }
        return new Bounds(low - margin, high + margin);
    }
}
