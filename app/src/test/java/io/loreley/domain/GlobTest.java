package io.loreley.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link io.loreley.embedding} does not try of it by comparing whole ignore files with git's own answers. */
class GlobTest {

    @ParameterizedTest
    @ValueSource(strings = {"**/*.lock", "a{b}", "a\\{b,c\\}", "[!a]*", "ü?"})
    void a_pattern_of_gits_is_taken(String pattern) {
        assertThatCode(() -> Glob.requireMeaning("files", pattern)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [a           | no pattern as git reads them
            x\\          | no pattern as git reads them
            ' '          | no pattern as git reads them
            [[:word:]]   | no pattern as git reads them
            *.{yml,yaml} | holds braces
            """)
    void one_that_would_match_nothing_is_refused(String pattern, String why) {
        assertThatThrownBy(() -> Glob.requireMeaning("files", pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("files: ")
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({"Cargo.lock, true", "a/b/Cargo.lock, true", "lock, false"})
    void two_stars_span_no_folder_too(String path, boolean matches) {
        assertThat(Glob.of("**/*.lock").matches(path)).isEqualTo(matches);
    }
}
