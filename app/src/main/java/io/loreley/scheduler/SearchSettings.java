package io.loreley.scheduler;

import io.loreley.domain.Limits;
import io.loreley.domain.Setting;
import io.loreley.mapelites.sampling.BaseChoice;
import java.util.List;

/** How the archive is laid out and drawn from. */
public record SearchSettings(
        @Setting(
                doc = "Every random choice of the search follows from it.",
                fallback = "0",
                env = "MAPELITES_SAMPLER_SEED")
        long seed,

        @Setting(
                doc = "How many jobs start from the root, without inspirations, before elites are drawn.",
                fallback = "4",
                min = 0,
                max = 10000,
                env = "MAPELITES_SEED_POPULATION_SIZE")
        int seeds,

        @Setting(
                doc = "How many commits are shown to the agent beside the base.",
                fallback = "3",
                min = 0,
                max = 10,
                env = "MAPELITES_SAMPLER_INSPIRATION_COUNT")
        int inspirations,

        @Setting(
                doc = "Axes of the behaviour space.",
                fallback = "2",
                min = 1,
                max = 16,
                env = "MAPELITES_DIMENSION_REDUCTION_TARGET_DIMS")
        int dimensions,

        @Setting(
                doc = "Cells along each axis.",
                fallback = "8",
                min = 2,
                max = 1024,
                env = "MAPELITES_ARCHIVE_CELLS_PER_DIM")
        int cellsPerDimension,

        @Setting(doc = "How the elite to build on is chosen: uniform, rank, curiosity or mixed.", fallback = "rank")
        BaseChoice strategy,

        @Setting(
                doc = "Chebyshev radius, in cells, at which the search for inspirations begins.",
                fallback = "1",
                min = 0,
                max = 1024,
                env = "MAPELITES_SAMPLER_NEIGHBOR_RADIUS")
        int neighborRadius,

        @Setting(
                doc = "Chebyshev radius at which it ends.",
                fallback = "3",
                min = 0,
                max = 1024,
                env = "MAPELITES_SAMPLER_NEIGHBOR_MAX_RADIUS")
        int neighborMaxRadius,

        @Setting(
                doc = "Embeddings needed before the projection is fitted to them.",
                fallback = "32",
                min = 2,
                max = 100000,
                env = "MAPELITES_DIMENSION_REDUCTION_MIN_FIT_SAMPLES")
        int minFitSamples,

        @Setting(
                doc = "Embeddings kept for fitting.",
                fallback = "4096",
                min = 2,
                max = 1000000,
                env = "MAPELITES_DIMENSION_REDUCTION_HISTORY_SIZE")
        int historySize,

        @Setting(
                doc =
                        "What the jobs of the cold start are told to try, one each, in turn; texts of at most 160 characters. "
                                + "Absent for a list that suits any code.",
                fallback = "[]")
        List<String> directions) {

    public SearchSettings {
        directions = List.copyOf(directions);
        directions.forEach(direction -> Limits.requireText("a line of directions", direction, 160));
    }
}
