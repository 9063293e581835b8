package io.loreley.scheduler;

import io.loreley.domain.Limits;
import io.loreley.domain.Setting;
import io.loreley.mapelites.GridSettings;
import io.loreley.mapelites.projection.Axes;
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
                doc =
                        "How many jobs of each island start from the root, without inspirations, before elites are drawn.",
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
                doc =
                        "The axes of the behaviour space: `learned`, which stands for `dimensions` axes learned from the "
                                + "files; names of metrics that the evaluator reports, as `seconds` or, with bounds of your "
                                + "own, `\"seconds from 0 to 60\"`; or both. Bounds that are not given follow what is measured.",
                fallback = "[learned]")
        List<String> measures,

        @Setting(
                doc = "How many axes are learned.",
                fallback = "2",
                min = 1,
                max = 16,
                env = "MAPELITES_DIMENSION_REDUCTION_TARGET_DIMS")
        int dimensions,

        @Setting(
                doc = "How the space is divided: `grid`, in equal steps along each axis, or `cvt`, into a number of "
                        + "cells that does not grow with the axes.",
                fallback = "grid")
        ArchiveKind archive,

        @Setting(
                doc = "Cells along each axis of a grid.",
                fallback = "4",
                min = 2,
                max = 1024,
                env = "MAPELITES_ARCHIVE_CELLS_PER_DIM")
        int cellsPerDimension,

        @Setting(doc = "Cells of a cvt archive.", fallback = "64", min = 2, max = 10000)
        int cells,

        @Setting(
                doc = "Archives that search side by side, and take turns with the draws.",
                fallback = "1",
                min = 1,
                max = 64)
        int islands,

        @Setting(
                doc = "After how many commits, over all islands, each island sends elites to the next.",
                fallback = "50",
                min = 1,
                max = 1000000)
        int migrationInterval,

        @Setting(doc = "How many elites each island sends.", fallback = "2", min = 0, max = 1000)
        int migrants,

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
        List<String> directions,

        @Setting(
                doc =
                        "Whether the planner proposes those directions once, when the root is evaluated, if `directions` is absent.",
                fallback = "false")
        boolean proposeDirections) {

    public SearchSettings {
        directions = List.copyOf(directions);
        directions.forEach(direction -> Limits.requireText("a line of directions", direction, Directions.LENGTH));
        measures = List.copyOf(measures);
        List<Axes> axes = MeasureAxes.read(measures, dimensions);
        if (historySize < minFitSamples) {
            throw new IllegalArgumentException("a history-size of %d can never hold the min-fit-samples of %d"
                    .formatted(historySize, minFitSamples));
        }
        if (archive == ArchiveKind.GRID) {
            try {
                GridSettings.uniform(count(axes), cellsPerDimension);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "%d axes with %d cells each: %s; archive: cvt has a fixed number of cells"
                                .formatted(count(axes), cellsPerDimension, e.getMessage()),
                        e);
            }
        }
    }

    /** The axes of the behaviour space, in their order. */
    List<Axes> axes() {
        return MeasureAxes.read(measures, dimensions);
    }

    /** Whether commits must be embedded. */
    public boolean learnsAxes() {
        return axes().stream().anyMatch(Axes.Learned.class::isInstance);
    }

    /** How many axes there are. */
    int axisCount() {
        return count(axes());
    }

    /** The cells of all islands. */
    public long totalCells() {
        long each = switch (archive) {
            case GRID -> GridSettings.uniform(axisCount(), cellsPerDimension).cells();
            case CVT -> cells;
        };
        return each > Long.MAX_VALUE / islands ? Long.MAX_VALUE : each * islands;
    }

    private static int count(List<Axes> axes) {
        return axes.stream().mapToInt(Axes::count).sum();
    }
}
