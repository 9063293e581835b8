package io.loreley.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChunksTest {

    private static final int LINES = 20;

    private final Chunks chunks = new Chunks(LINES);

    @Test
    void a_file_that_fits_is_one_chunk() {
        String text = "line\n\n".repeat(LINES / 2).stripTrailing();

        assertThat(chunks.of(text)).containsExactly(text);
    }

    @Test
    void nothing_is_lost_and_nothing_comes_twice() {
        var random = new SplittableRandom(3);
        for (int round = 0; round < 100; round++) {
            var lines = new ArrayList<String>();
            for (int i = random.nextInt(500); i > 0; i--) {
                lines.add(
                        switch (random.nextInt(6)) {
                            case 0 -> "";
                            case 1 -> "class A" + i + " {";
                            case 2 -> "    def f" + i + "():";
                            case 3 -> "word" + i + " ".repeat(random.nextInt(3));
                            case 4 -> "x".repeat(random.nextInt(2 * Chunks.MAX_CHARACTERS));
                            default -> "  indented" + i;
                        });
            }
            String text = String.join("\n", lines);

            assertThat(String.join("", chunks.of(text)).replaceAll("\\s", "")).isEqualTo(text.replaceAll("\\s", ""));
            assertThat(chunks.of(text)).allSatisfy(chunk -> {
                assertThat(chunk.lines().count()).isLessThanOrEqualTo(LINES);
                assertThat(chunk)
                        .hasSizeLessThanOrEqualTo(Chunks.MAX_CHARACTERS)
                        .isNotBlank();
            });
        }
    }

    @Test
    void a_chunk_ends_before_a_definition() {
        assertThat(chunks.of(methods(12, 7)))
                .hasSizeGreaterThan(4)
                .allSatisfy(chunk -> assertThat(chunk).startsWith("def m"));
    }

    @Test
    void an_insertion_leaves_distant_chunks_as_they_were() {
        String before = methods(60, 7);
        String after = before.replace("def m3():", "def early():\n  pass\n\ndef m3():");
        Set<String> changed = new HashSet<>(chunks.of(after));
        changed.removeAll(chunks.of(before));

        assertThat(changed).hasSizeLessThanOrEqualTo(4);
        assertThat(chunks.of(after)).hasSizeGreaterThan(20);
    }

    @Test
    void one_long_line_is_divided() {
        String text = "0.5 ".repeat(Chunks.MAX_CHARACTERS);

        assertThat(chunks.of(text)).hasSize(4);
    }

    @Test
    void a_blank_text_has_no_chunk() {
        assertThat(chunks.of("")).isEmpty();
        assertThat(chunks.of(" \n\t\n\n")).isEmpty();
    }

    private static String methods(int count, int lines) {
        List<String> text = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            text.add("def m%d():".formatted(i));
            for (int line = 2; line < lines - i % 3; line++) {
                text.add("  x = %d".formatted(i * line));
            }
            text.add("");
        }
        return String.join("\n", text);
    }
}
