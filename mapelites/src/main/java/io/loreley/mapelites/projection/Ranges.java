package io.loreley.mapelites.projection;

import java.util.List;

/**
 * The bounds of the measured axes.
 *
 * @param bounds one for each measured axis, in their order
 * @param samples how many candidates they were fitted to
 */
public record Ranges(List<Bounds> bounds, int samples) {

    public Ranges {
        bounds = List.copyOf(bounds);
        if (bounds.isEmpty() || samples < 1) {
            throw new IllegalArgumentException(
                    "ranges of %d axes, fitted to %d samples".formatted(bounds.size(), samples));
        }
    }
}
