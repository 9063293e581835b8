package io.loreley.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the default of {@code memory.repeat-similarity} comes from. */
class WordVectorTest {

    private static final double THRESHOLD = 0.6;

    /** Plans and how somebody else might word the same: each line a pair. */
    private static final List<List<String>> SAME = List.of(
            List.of(
                    "Replace the nested loop in findPairs with a hash map lookup to cut the complexity from O(n^2) to O(n).",
                    "Replace the nested loops in findPairs by a hash map lookup, cutting complexity from O(n^2) to O(n)."),
            List.of(
                    "Cache compiled regular expressions in a static field so that they are not recompiled on every call.",
                    "Cache the compiled regular expressions in static fields instead of recompiling them for every call."),
            List.of(
                    "Use simulated annealing over circle centers with a cooling schedule, then polish the radii with a linear program.",
                    "Simulated annealing on the circle centers with a cooling schedule, and afterwards polish radii with a linear program."),
            List.of(
                    "Unroll the inner loop of the matrix multiplication by four and accumulate in local variables.",
                    "Unroll matrix multiplication's inner loop by four, accumulating in local variables."),
            List.of(
                    "Switch quicksort to insertion sort for partitions smaller than 16 elements.",
                    "For partitions with fewer than 16 elements, switch quicksort over to insertion sort."),
            List.of(
                    "Preallocate the output buffer to the expected size and avoid repeated copying while appending.",
                    "Preallocate an output buffer of the expected size to avoid repeated copies when appending."));

    /** Plans of one goal that are not the same, though they speak of the same things. */
    private static final List<String> DIFFERENT = List.of(
            "Replace the nested loop in findPairs with a hash map lookup to cut the complexity from O(n^2) to O(n).",
            "Sort the input of findPairs first and walk it with two pointers, so that no extra memory is needed.",
            "Parallelise findPairs over chunks of the input with a thread pool and merge the partial results.",
            "Switch quicksort to insertion sort for partitions smaller than 16 elements.",
            "Choose the quicksort pivot as the median of three to avoid quadratic behaviour on sorted input.",
            "Replace quicksort with a radix sort on the integer keys, four passes of eight bits.",
            "Use simulated annealing over circle centers with a cooling schedule, then polish the radii with a linear program.",
            "Start from a hexagonal lattice of circle centers and shrink the outermost circles until all fit the square.",
            "Solve for the radii exactly with a linear program, holding the circle centers fixed.",
            "Unroll the inner loop of the matrix multiplication by four and accumulate in local variables.",
            "Block the matrix multiplication into tiles of 64 by 64 that fit the first-level cache.",
            "Transpose the second matrix before the multiplication so that both are read along rows.",
            "Preallocate the output buffer to the expected size and avoid repeated copying while appending.",
            "Write the output through a memory-mapped file instead of a buffer.",
            "Cache compiled regular expressions in a static field so that they are not recompiled on every call.",
            "Replace the regular expressions with a hand-written scanner that reads each character once.");

    @Test
    void the_threshold_tells_rewordings_from_other_ideas() {
        assertThat(SAME)
                .allSatisfy(pair -> assertThat(cosine(pair.getFirst(), pair.getLast()))
                        .as(pair.toString())
                        .isGreaterThan(THRESHOLD + 0.05));
        for (int i = 0; i < DIFFERENT.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(cosine(DIFFERENT.get(i), DIFFERENT.get(j)))
                        .as(DIFFERENT.get(i) + " / " + DIFFERENT.get(j))
                        .isLessThan(THRESHOLD - 0.1);
            }
        }
    }

    @Test
    void a_text_is_like_itself_and_unlike_nothing() {
        assertThat(cosine(DIFFERENT.getFirst(), DIFFERENT.getFirst())).isGreaterThan(0.999);
        assertThat(cosine(DIFFERENT.getFirst(), "")).isZero();
        assertThat(cosine("", "")).isZero();
        assertThat(cosine("the of and", "the of and")).isZero();
    }

    @Test
    void identifiers_are_words() {
        assertThat(cosine("rename parseHttpHeader", "rename parse_http_header")).isGreaterThan(0.99);
    }

    private static double cosine(String one, String other) {
        return WordVector.of(one).cosine(WordVector.of(other));
    }
}
