package io.loreley.cli.display;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextWidthTest {

    @Test
    void wide_characters_take_two_columns_and_marks_none() {
        assertThat(TextWidth.of("abc")).isEqualTo(3);
        assertThat(TextWidth.of("漢字")).isEqualTo(4);
        assertThat(TextWidth.of("e\u0301")).isEqualTo(1);
        assertThat(TextWidth.of("\ud83d\ude80")).isEqualTo(2);
    }

    @Test
    void a_cut_never_takes_more_columns_than_it_may() {
        assertThat(TextWidth.cut("漢字漢字", 4)).isEqualTo("漢…");
        assertThat(TextWidth.cut("abcdef", 4)).isEqualTo("abc…");
        assertThat(TextWidth.cut("abc", 0)).isEmpty();
    }

    @Test
    void a_text_cannot_steer_the_terminal() {
        assertThat(TextWidth.printable("a\u001b[2Jb\r\nc\u009bd\u202ee")).isEqualTo("a [2Jb  c d e");
    }

    @Test
    void a_line_is_cut_to_the_columns_it_gets() {
        StyledLine line = new StyledLine().add("red", Style.RED).add(" and plain");

        assertThat(line.render(8, false)).isEqualTo("red and…");
        assertThat(line.render(8, true)).isEqualTo("\u001b[31mred\u001b[0m and…");
        assertThat(line.render(13, false)).isEqualTo("red and plain");
        assertThat(line.render(3, false)).isEqualTo("re…");
    }
}
