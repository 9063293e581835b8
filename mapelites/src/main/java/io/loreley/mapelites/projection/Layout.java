package io.loreley.mapelites.projection;

import org.jspecify.annotations.Nullable;

/**
 * How traits become measures: the projection of the learned axes and the ranges of the measured ones. Two measures may be
 * compared only if layouts of one version made both.
 *
 * @param version counts the layouts of one behaviour space, from 1
 * @param projection absent if no axis is learned
 * @param ranges absent if no axis is measured
 */
public record Layout(
        int version,
        @Nullable Projection projection,
        @Nullable Ranges ranges) {

    public Layout {
        if (version < 1) {
            throw new IllegalArgumentException("layout version %d".formatted(version));
        }
        if (projection == null && ranges == null) {
            throw new IllegalArgumentException("a layout without axes");
        }
    }

    /** A layout whose axes are all learned; its version is that of the projection. */
    public static Layout of(Projection projection) {
        return new Layout(projection.version(), projection, null);
    }

    /** The number of axes. */
    public int dimensions() {
        return (projection == null ? 0 : projection.dimensions())
                + (ranges == null ? 0 : ranges.bounds().size());
    }
}
