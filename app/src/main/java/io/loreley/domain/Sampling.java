package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a job was drawn from the archive.
 *
 * @param inspirations hashes of the commits shown beside the base, nearest first
 * @param strategy the rule that chose the base, or {@code seed} or {@code root}
 * @param initialRadius Chebyshev radius, in cells, at which the search for inspirations began
 * @param radiusUsed the largest radius at which one was found; 0 if none was
 * @param fallbackInspirations how many were drawn from the whole island because the neighbourhood had too few
 */
@Embeddable
public record Sampling(
        @Column(name = "inspiration_commit_hashes", nullable = false)
        List<String> inspirations,

        @Column(name = "sampling_strategy", length = 64) @Nullable
        String strategy,

        @Column(name = "sampling_initial_radius") @Nullable Integer initialRadius,
        @Column(name = "sampling_radius_used") @Nullable Integer radiusUsed,

        @Column(name = "sampling_fallback_inspirations") @Nullable
        Integer fallbackInspirations) {

    public Sampling {
        inspirations = List.copyOf(inspirations);
    }

    /** A job that was not drawn from an archive. */
    public static Sampling none(String strategy) {
        return new Sampling(List.of(), strategy, null, null, null);
    }
}
