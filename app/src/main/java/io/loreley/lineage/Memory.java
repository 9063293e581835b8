package io.loreley.lineage;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.Objective;
import io.loreley.domain.Usage;
import io.loreley.store.Lineages;
import io.loreley.store.PastAttempt;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the experiment remembers that is of use to a job. Safe for many threads. */
public final class Memory {

    /** Ended jobs that are looked at for each that is told: many say nothing on their idea. */
    private static final int LOOKED_AT = 3;

    private final MemorySettings settings;
    private final Objective objective;
    private final Lineages lineages;
    private final ChunkSummaries summaries;

    /** @param summarizer absent where no language model is configured for it */
    public Memory(
            MemorySettings settings,
            Objective objective,
            Lineages lineages,
            @Nullable Summarizer summarizer,
            InstantSource clock) {
        this.settings = settings;
        this.objective = objective;
        this.lineages = lineages;
        this.summaries = new ChunkSummaries(lineages, summarizer, clock);
    }

    /** Something worth telling: a heading of Loreley's own, and text that agents and evaluators wrote. */
    public record Recollection(String title, String text) {}

    /**
     * How inspirations came to be since they parted from the base, in their order; one for each that has a way to tell.
     *
     * @param meter is told what summaries cost
     */
    public List<Recollection> trajectories(
            ExperimentId experiment, CommitHash base, List<CommitHash> inspirations, Consumer<Usage> meter) {
        if (settings.steps() == 0 || inspirations.isEmpty()) {
            return List.of();
        }
        List<CommitHash> commits =
                Stream.concat(Stream.of(base), inspirations.stream()).toList();
        Ancestry ancestry = new Ancestry(lineages.ancestors(experiment, commits, objective.metric()));
        List<Recollection> told = new ArrayList<>();
        for (CommitHash inspiration : inspirations) {
            Optional<CommitHash> common = ancestry.common(base, inspiration);
            if (common.isPresent()) {
                List<Ancestry.Step> path = ancestry.path(common.get(), inspiration);
                if (!path.isEmpty()) {
                    told.add(new Recollection(
                            "How inspiration %s came to be, from the commit %s that it shares with your base; %s in parentheses"
                                    .formatted(
                                            inspiration.abbreviated(),
                                            common.get().abbreviated(),
                                            objective.metric()),
                            text(experiment, Trajectory.of(path, settings), meter)));
                }
            }
        }
        return told;
    }

    /** What was tried from the same base and on the same island, and what came of it; empty if that is nothing. */
    public Optional<Recollection> lessons(ExperimentId experiment, CommitHash base, String island) {
        List<String> lines = tried(experiment, base, island).stream()
                .flatMap(attempt -> Lesson.of(attempt, objective).stream()
                        .map(lesson ->
                                (base.equals(attempt.base()) ? "from this base: " : "elsewhere: ") + lesson.line()))
                .distinct()
                .limit(settings.attempts())
                .toList();
        return lines.isEmpty()
                ? Optional.empty()
                : Optional.of(new Recollection(
                        "What was tried before, and what came of it. Do not repeat what failed; build on what it shows",
                        String.join("\n", lines)));
    }

    /** The recorded dead end from the same base that a plan repeats, in words; empty if it is new. */
    public Optional<String> repeated(ExperimentId experiment, CommitHash base, String island, String plan) {
        WordVector words = WordVector.of(plan);
        return tried(experiment, base, island).stream()
                .filter(attempt -> base.equals(attempt.base()))
                .flatMap(attempt -> Lesson.of(attempt, objective).stream())
                .filter(Lesson::deadEnd)
                .map(lesson -> new Repetition(lesson, words.cosine(WordVector.of(lesson.idea()))))
                .filter(repetition -> repetition.similarity() >= settings.repeatSimilarity())
                .max(Comparator.comparingDouble(Repetition::similarity))
                .map(repetition -> repetition.lesson().line());
    }

    private record Repetition(Lesson lesson, double similarity) {}

    private List<PastAttempt> tried(ExperimentId experiment, CommitHash base, String island) {
        return settings.attempts() == 0
                ? List.of()
                : lineages.tried(experiment, base, island, LOOKED_AT * settings.attempts(), objective.metric());
    }

    private String text(ExperimentId experiment, Trajectory trajectory, Consumer<Usage> meter) {
        List<String> lines = new ArrayList<>();
        for (Trajectory.Part part : trajectory.parts()) {
            lines.add(
                    switch (part) {
                        case Trajectory.Part.Single(var step) -> Trajectory.line(step);
                        case Trajectory.Part.Together(var chunk, var steps) ->
                            "%s..%s, %d steps: %s"
                                    .formatted(
                                            chunk.start().abbreviated(),
                                            chunk.end().abbreviated(),
                                            steps.size(),
                                            summaries.of(experiment, chunk, steps, meter));
                        case Trajectory.Part.LeftOut(var steps) -> "(%d steps left out)".formatted(steps);
                    });
        }
        return String.join("\n", lines);
    }
}
