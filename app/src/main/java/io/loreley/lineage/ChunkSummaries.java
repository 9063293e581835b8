package io.loreley.lineage;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.Limits;
import io.loreley.domain.Usage;
import io.loreley.lineage.Ancestry.Step;
import io.loreley.lineage.Summarizer.Summary;
import io.loreley.store.Lineages;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A sentence or two on a chunk of steps: kept, written by a model, or, without one or while it fails, the first words of
 * each step. Chunks are counted from the root, so that commits with a common past share them. Safe for many threads.
 */
final class ChunkSummaries {

    /** Characters of a summary. */
    static final int LIMIT = 512;

    private final Lineages lineages;
    private final @Nullable Summarizer summarizer;
    private final InstantSource clock;
    private volatile Instant silentUntil = Instant.MIN;

    ChunkSummaries(Lineages lineages, @Nullable Summarizer summarizer, InstantSource clock) {
        this.lineages = lineages;
        this.summarizer = summarizer;
        this.clock = clock;
    }

    String of(ExperimentId experiment, Lineages.Chunk chunk, List<Step> steps, Consumer<Usage> meter) {
        if (summarizer == null) {
            return firstWords(steps);
        }
        Optional<String> kept = lineages.summary(experiment, chunk, summarizer.name());
        if (kept.isPresent()) {
            return kept.get();
        }
        if (clock.instant().isBefore(silentUntil)) {
            return firstWords(steps);
        }
        return switch (summarizer.summarize(steps.stream().map(Trajectory::line).toList(), LIMIT, meter)) {
            case Summary.Written(String text) -> {
                String summary = Limits.clamp(Limits.oneLine(text), LIMIT);
                lineages.keepSummary(experiment, chunk, summarizer.name(), summary);
                yield summary;
            }
            case Summary.Missing(Duration pause) -> {
                silentUntil = clock.instant().plus(pause);
                yield firstWords(steps);
            }
        };
    }

    static String firstWords(List<Step> steps) {
        int each = Math.max(24, LIMIT / steps.size() - 3);
        return Limits.clamp(
                String.join(
                        " | ",
                        steps.stream()
                                .map(step -> Limits.clamp(
                                        Limits.oneLine(step.ancestor().summary()), each))
                                .toList()),
                LIMIT);
    }
}
