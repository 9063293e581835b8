package io.loreley.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileDiffTest {

    @Test
    void lines_carry_the_numbers_they_have_on_either_side() {
        FileDiff diff = FileDiff.of("""
                diff --git a/x b/x
                --- a/x
                +++ b/x
                @@ -3,3 +3,3 @@ int main() {
                 same
                -old
                +new
                 same
                \\ No newline at end of file
                """);

        assertThat(diff.hunks()).singleElement().satisfies(hunk -> {
            assertThat(hunk.title()).isEqualTo("int main() {");
            assertThat(hunk.lines())
                    .extracting(FileDiff.Line::kind, FileDiff.Line::before, FileDiff.Line::after, FileDiff.Line::text)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(" ", 3, 3, "same"),
                            org.assertj.core.groups.Tuple.tuple("-", 4, null, "old"),
                            org.assertj.core.groups.Tuple.tuple("+", null, 4, "new"),
                            org.assertj.core.groups.Tuple.tuple(" ", 5, 5, "same"));
        });
        assertThat(diff.cut()).isFalse();
    }

    @Test
    void a_removed_line_that_looks_like_a_header_is_a_line() {
        FileDiff diff = FileDiff.of("@@ -1,2 +1,1 @@\n--- a/x\n-@@ -9 +9 @@\n+++ b/x\n");

        assertThat(diff.hunks()).hasSize(1);
        assertThat(diff.hunks().getFirst().lines())
                .extracting(FileDiff.Line::text)
                .containsExactly("-- a/x", "@@ -9 +9 @@", "++ b/x");
    }

    /** Git repeats the line of a function's head in a header, whatever a candidate wrote into it. */
    @ParameterizedTest
    @ValueSource(strings = {"\u2028", "\u2029", "\u0085", "\r"})
    void a_header_with_a_line_end_that_is_none_hides_no_change(String end) {
        FileDiff diff =
                FileDiff.of("@@ -1 +1 @@ f(%s) {\n+seen\n@@ -9 +9 @@ g(%s) {\n+seen, too\n".formatted(end, end));

        assertThat(diff.hunks())
                .extracting(FileDiff.Hunk::title)
                .containsExactly("f(" + end + ") {", "g(" + end + ") {");
        assertThat(diff.hunks())
                .flatExtracting(FileDiff.Hunk::lines)
                .extracting(FileDiff.Line::text, FileDiff.Line::after)
                .containsExactly(tuple("seen", 1), tuple("seen, too", 9));
    }

    @Test
    void a_header_that_cannot_be_read_hides_no_change() {
        FileDiff diff = FileDiff.of("@@@ -1 -1 +1 @@@\n+seen\n");

        assertThat(diff.hunks()).singleElement().satisfies(hunk -> {
            assertThat(hunk.title()).isEqualTo("@@@ -1 -1 +1 @@@");
            assertThat(hunk.lines()).extracting(FileDiff.Line::text).containsExactly("seen");
        });
    }

    @Test
    void long_lines_and_long_diffs_are_cut_and_say_so() {
        FileDiff line = FileDiff.of("@@ -0,0 +1 @@\n+" + "x".repeat(5000));
        FileDiff lines = FileDiff.of("@@ -0,0 +1,9000 @@\n" + "+x\n".repeat(9000));

        assertThat(line.hunks().getFirst().lines().getFirst().text()).hasSize(2000);
        assertThat(line.hunks().getFirst().lines().getFirst().more()).isEqualTo(3000);
        assertThat(lines.cut()).isTrue();
        assertThat(lines.hunks().getFirst().lines()).hasSize(6000);
    }
}
