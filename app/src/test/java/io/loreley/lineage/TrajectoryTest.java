package io.loreley.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.CommitHash;
import io.loreley.lineage.Ancestry.Step;
import io.loreley.lineage.Trajectory.Part;
import io.loreley.store.Ancestor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrajectoryTest {

    private static final MemorySettings DEFAULTS = new MemorySettings(6, 8, 3, 8, 0.6);

    @Test
    void two_branches_meet_where_they_parted() {
        // 0 ← 1 ← 2 ← 3 and 1 ← 4 ← 5
        Ancestry ancestry =
                new Ancestry(List.of(card(0, null), card(1, 0), card(2, 1), card(3, 2), card(4, 1), card(5, 4)));

        assertThat(ancestry.common(commit(5), commit(3))).contains(commit(1));
        assertThat(ancestry.path(commit(1), commit(3))).extracting(Step::commit).containsExactly(commit(2), commit(3));
        assertThat(ancestry.path(commit(1), commit(3))).extracting(Step::depth).containsExactly(2, 3);
    }

    @Test
    void a_commit_that_is_not_recorded_can_be_what_two_share() {
        Ancestry ancestry = new Ancestry(List.of(card(1, 0), card(2, 0)));
        assertThat(ancestry.common(commit(1), commit(2))).contains(commit(0));
    }

    @Test
    void an_inspiration_that_the_base_came_from_has_no_way_to_tell() {
        Ancestry ancestry = new Ancestry(List.of(card(0, null), card(1, 0), card(2, 1)));
        assertThat(ancestry.common(commit(2), commit(1))).contains(commit(1));
        assertThat(ancestry.path(commit(1), commit(1))).isEmpty();
    }

    @Test
    void strangers_and_circles_share_nothing() {
        Ancestry ancestry = new Ancestry(List.of(card(1, 2), card(2, 1), card(5, null)));
        assertThat(ancestry.common(commit(5), commit(1))).isEmpty();
        assertThat(ancestry.path(commit(9), commit(1))).hasSize(2);
    }

    @Test
    void a_short_way_is_told_step_by_step() {
        assertThat(words(path(1, 6), DEFAULTS)).containsExactly("1", "2", "3", "4", "5", "6");
    }

    @Test
    void a_long_way_is_told_in_order_each_step_once() {
        assertThat(words(path(1, 55), DEFAULTS))
                .containsExactly("1-8", "…24", "33-40", "41-48", "…1", "50", "51", "52", "53", "54", "55");
    }

    @Test
    void a_way_that_begins_within_a_chunk_tells_its_first_steps() {
        assertThat(words(path(4, 40), new MemorySettings(6, 8, 0, 0, 1)))
                .containsExactly("4", "5", "…29", "35", "36", "37", "38", "39", "40");
        assertThat(words(path(4, 40), DEFAULTS))
                .containsExactly("4", "5", "…3", "9-16", "17-24", "25-32", "…2", "35", "36", "37", "38", "39", "40");
    }

    @Test
    void whatever_the_settings_every_step_is_told_or_counted_once_and_in_order() {
        var random = new SplittableRandom(3);
        for (int i = 0; i < 2000; i++) {
            int from = random.nextInt(1, 20);
            int to = from + random.nextInt(60);
            var settings = new MemorySettings(random.nextInt(10), random.nextInt(2, 10), random.nextInt(4), 0, 1);
            Trajectory told = Trajectory.of(path(from, to), settings);

            int next = from;
            int singles = 0;
            int chunks = 0;
            for (Part part : told.parts()) {
                switch (part) {
                    case Part.Single(var step) -> {
                        assertThat(step.depth()).isEqualTo(next++);
                        singles++;
                    }
                    case Part.Together(var chunk, var steps) -> {
                        assertThat(steps.getFirst().depth()).isEqualTo(next);
                        assertThat(steps).hasSize(settings.chunkSteps());
                        assertThat(chunk.end()).isEqualTo(steps.getLast().commit());
                        next += steps.size();
                        chunks++;
                    }
                    case Part.LeftOut(var steps) -> next += steps;
                }
            }
            assertThat(next).isEqualTo(to + 1);
            assertThat(singles).isLessThanOrEqualTo(settings.steps() + Math.min(2, settings.steps()));
            assertThat(chunks).isLessThanOrEqualTo(settings.chunks());
        }
    }

    @Test
    void first_words_are_bounded_whatever_the_steps_say() {
        List<Step> steps = IntStream.range(0, 100)
                .mapToObj(i -> new Step(new Ancestor(commit(i), null, "word ".repeat(500), 1.0), i))
                .toList();
        assertThat(ChunkSummaries.firstWords(steps)).hasSizeLessThanOrEqualTo(ChunkSummaries.LIMIT);
        assertThat(ChunkSummaries.firstWords(steps.subList(0, 2))).contains(" | ");
        assertThat(Trajectory.line(steps.getFirst())).hasSizeLessThanOrEqualTo(240);
    }

    private static List<String> words(List<Step> path, MemorySettings settings) {
        return Trajectory.of(path, settings).parts().stream()
                .map(part -> switch (part) {
                    case Part.Single(var step) -> "" + step.depth();
                    case Part.Together(var _, var steps) ->
                        steps.getFirst().depth() + "-" + steps.getLast().depth();
                    case Part.LeftOut(var steps) -> "…" + steps;
                })
                .toList();
    }

    private static List<Step> path(int from, int to) {
        List<Step> path = new ArrayList<>();
        for (int depth = from; depth <= to; depth++) {
            path.add(new Step(card(depth, depth - 1), depth));
        }
        return path;
    }

    private static Ancestor card(int number, @Nullable Integer parent) {
        return new Ancestor(commit(number), parent == null ? null : commit(parent), "step " + number, null);
    }

    private static CommitHash commit(int number) {
        return new CommitHash("%040x".formatted(number + 1));
    }
}
