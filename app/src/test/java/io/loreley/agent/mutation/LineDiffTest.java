package io.loreley.agent.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LineDiffTest {

    @Test
    void equal_texts_have_no_hunks() {
        assertThat(LineDiff.between(List.of("a", "b"), List.of("a", "b"))).isEmpty();
        assertThat(LineDiff.between(List.of(), List.of())).isEmpty();
    }

    @Test
    void hunks_say_what_stands_where() {
        assertThat(LineDiff.between(List.of("a", "b", "c", "d"), List.of("a", "x", "y", "c")))
                .containsExactly(new LineDiff.Hunk(1, 2, 1, 3), new LineDiff.Hunk(3, 4, 4, 4));
    }

    @Test
    void hunks_turn_one_text_into_the_other_with_the_fewest_lines() {
        for (int seed = 0; seed < 2_000; seed++) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            List<String> from = lines(random);
            List<String> to = lines(random);

            List<LineDiff.Hunk> hunks = LineDiff.between(from, to);

            assertThat(applied(hunks, from, to)).as("seed %d", seed).isEqualTo(to);
            int changed = hunks.stream()
                    .mapToInt(hunk -> hunk.to() - hunk.from() + hunk.newTo() - hunk.newFrom())
                    .sum();
            assertThat(changed).as("seed %d", seed).isEqualTo(from.size() + to.size() - 2 * common(from, to));
        }
    }

    @Test
    void texts_with_nothing_in_common_are_one_hunk_however_long() {
        List<String> from = Collections.nCopies(3_000, "a");
        List<String> to = Collections.nCopies(4_000, "b");

        assertThat(LineDiff.between(from, to)).containsExactly(new LineDiff.Hunk(0, 3_000, 0, 4_000));
    }

    private static List<String> lines(RandomGenerator random) {
        return Stream.generate(() -> String.valueOf((char) ('a' + random.nextInt(4))))
                .limit(random.nextInt(12))
                .toList();
    }

    private static List<String> applied(List<LineDiff.Hunk> hunks, List<String> from, List<String> to) {
        List<String> lines = new ArrayList<>(from);
        for (LineDiff.Hunk hunk : hunks.reversed()) {
            List<String> replaced = lines.subList(hunk.from(), hunk.to());
            replaced.clear();
            replaced.addAll(to.subList(hunk.newFrom(), hunk.newTo()));
        }
        return lines;
    }

    /** The length of the longest common subsequence, by the book. */
    private static int common(List<String> a, List<String> b) {
        int[][] longest = new int[a.size() + 1][b.size() + 1];
        for (int i = 1; i <= a.size(); i++) {
            for (int j = 1; j <= b.size(); j++) {
                longest[i][j] = a.get(i - 1).equals(b.get(j - 1))
                        ? longest[i - 1][j - 1] + 1
                        : Math.max(longest[i - 1][j], longest[i][j - 1]);
            }
        }
        return longest[a.size()][b.size()];
    }
}
