package io.loreley.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Generated text is cut by rules, what somebody typed is refused. */
class LimitsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "abcde    | 5 | abcde",
                "abcdef   | 5 | abcd…",
                "\" abc \" | 3 | abc",
                "abcdef   | 1 | …",
                "abc😀def | 5 | abc…",
                "abc😀def | 6 | abc😀…",
            })
    void a_text_is_cut_to_its_limit_with_an_ellipsis_and_never_within_a_character(String text, int limit, String cut) {
        assertThat(Limits.clamp(text, limit)).isEqualTo(cut).hasSizeLessThanOrEqualTo(limit);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "abcdef    | 3 | 3 | abcdef",
                "abcdefg   | 3 | 3 | abc … efg",
                "ab😀cdefg | 3 | 3 | ab … efg",
                "abcde😀fg | 3 | 3 | abc … fg",
                "abcd😀    | 3 | 0 | abc …",
            })
    void of_a_long_text_both_ends_are_kept_and_no_half_of_a_character(String text, int head, int tail, String cut) {
        assertThat(Limits.ends(text, head, tail).strip()).isEqualTo(cut);
    }

    @Test
    void white_space_and_control_characters_become_one_space() {
        assertThat(Limits.oneLine(" Hello \n\t world\0! ")).isEqualTo("Hello world !");
        assertThat(Limits.oneLine(null)).isEmpty();
    }

    @Test
    void what_was_typed_is_refused_when_it_is_blank_or_too_long() {
        assertThat(Limits.requireText("name", "abc", 3)).isEqualTo("abc");
        assertThatThrownBy(() -> Limits.requireText("name", "abcd", 3))
                .hasMessage("name has 4 characters, and at most 3 can be stored: 'abcd'");
        assertThatThrownBy(() -> Limits.requireText("name", " ", 3)).hasMessage("name is blank");
        assertThatThrownBy(() -> Limits.requireText("name", null, 3)).hasMessage("name is blank");
    }

    @Test
    void a_card_holds_what_its_columns_hold() {
        String long_ = "word ".repeat(300);
        CardText card = new CardText(
                long_,
                long_,
                long_,
                Collections.nCopies(3, long_),
                Collections.nCopies(21, long_),
                Collections.nCopies(9, "a\nb " + long_));

        assertThat(card.subject()).hasSize(72).endsWith("…");
        assertThat(card.changeSummary()).hasSize(512);
        assertThat(card.evaluationSummary()).hasSize(512);
        assertThat(card.tags()).hasSize(3).allSatisfy(tag -> assertThat(tag).hasSize(64));
        assertThat(card.keyFiles())
                .hasSize(20)
                .allSatisfy(file -> assertThat(file).hasSize(256));
        assertThat(card.highlights())
                .hasSize(8)
                .allSatisfy(line -> assertThat(line).hasSize(200).startsWith("a b word"));
    }

    @Test
    void a_card_without_words_says_so() {
        CardText card = new CardText("", " \n", " ", List.of(" "), List.of(), List.of(""));

        assertThat(card.subject()).isEqualTo("Evolve");
        assertThat(card.changeSummary()).isEqualTo("N/A");
        assertThat(card.evaluationSummary()).isNull();
        assertThat(card.tags()).isEmpty();
        assertThat(card.highlights()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "```java", "{\"a\": 1}", "[1]"})
    void a_subject_that_says_nothing_is_none(String subject) {
        assertThat(CardText.isReadableSubject(subject)).isFalse();
    }
}
