package io.loreley.lineage;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Limits;
import io.loreley.lineage.Ancestry.Step;
import io.loreley.store.Lineages;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a way, oldest first: its last steps one by one, before them some chunks, its first steps, and how many
 * were left out where. Nothing is told twice, and never more than the settings allow.
 */
record Trajectory(List<Part> parts) {

    /** Characters of a step. */
    private static final int STEP = 240;

    /** First steps that are told beside the last ones: where a way turned off says most. */
    private static final int FIRST = 2;

    Trajectory {
        parts = List.copyOf(parts);
    }

    /** One entry. */
    sealed interface Part {

        /** A single step. */
        record Single(Step step) implements Part {}

        /** Consecutive steps that are told together. */
        record Together(Lineages.Chunk chunk, List<Step> steps) implements Part {}

        /** Consecutive steps that are not told. */
        record LeftOut(int steps) implements Part {}
    }

    /**
     * Chooses what is told.
     *
     * @param path oldest first
     */
    static Trajectory of(List<Step> path, MemorySettings settings) {
        int recent = Math.max(0, path.size() - settings.steps());
        int first = Math.min(recent, Math.min(FIRST, settings.steps()));
        List<Integer> chunks = chunks(path, recent, settings);
        List<Part> parts = new ArrayList<>();
        int told = 0;
        for (int i = 0; i < path.size(); ) {
            if (chunks.contains(i)) {
                told = leaveOut(parts, told, i);
                List<Step> steps = path.subList(i, i + settings.chunkSteps());
                CommitHash start = steps.getFirst().ancestor().parent();
                if (start != null) {
                    parts.add(new Part.Together(
                            new Lineages.Chunk(start, steps.getLast().commit(), steps.size()), List.copyOf(steps)));
                    i += steps.size();
                    told = i;
                    continue;
                }
            }
            if (i < first || i >= recent) {
                told = leaveOut(parts, told, i) + 1;
                parts.add(new Part.Single(path.get(i)));
            }
            i++;
        }
        leaveOut(parts, told, path.size());
        return new Trajectory(parts);
    }

    private static int leaveOut(List<Part> parts, int told, int upTo) {
        if (upTo > told) {
            parts.add(new Part.LeftOut(upTo - told));
        }
        return upTo;
    }

    /** Where the chunks begin that are told: the oldest, and as many of the newest as may be. */
    private static List<Integer> chunks(List<Step> path, int recent, MemorySettings settings) {
        int size = settings.chunkSteps();
        List<Integer> whole = new ArrayList<>();
        for (int i = 0; i + size <= recent; i++) {
            if ((path.get(i).depth() - 1) % size == 0 && path.get(i).depth() > 0) {
                whole.add(i);
            }
        }
        int allowed = settings.chunks();
        if (whole.size() <= allowed) {
            return whole;
        }
        List<Integer> chosen = new ArrayList<>();
        if (allowed > 0) {
            chosen.add(whole.getFirst());
            chosen.addAll(whole.subList(whole.size() - (allowed - 1), whole.size()));
        }
        return chosen;
    }

    /** A step in a line: its commit, what it was measured with, what it changed. */
    static String line(Step step) {
        @Nullable Double objective = step.ancestor().objective();
        String measured = objective == null ? "" : " (" + objective + ")";
        return Limits.clamp(
                "%s%s: %s"
                        .formatted(
                                step.commit().abbreviated(),
                                measured,
                                Limits.oneLine(step.ancestor().summary())),
                STEP);
    }
}
