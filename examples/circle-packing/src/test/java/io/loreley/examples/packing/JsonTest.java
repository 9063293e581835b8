package io.loreley.examples.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "[false, 0, -1, 2.50, 1E+3, 1e-9]",
                "[]",
                "{}",
                "{\"b\": {\"a\": [[], {}]}, \"a\": null}",
                "\"quote \\\" backslash \\\\ tab \\u0009 pair \\ud83d\\ude00 é\""
            })
    void a_value_read_and_written_is_read_again_as_the_same(String text) {
        Json json = Json.parse(text);

        assertThat(Json.parse(json.text())).isEqualTo(json);
    }

    @Test
    void what_is_written_in_canonical_form_is_kept_to_the_letter() {
        String text = "{\"b\": [1, 2.50, \"x\"], \"a\": {\"c\": true}}";

        assertThat(Json.parse(text).text()).isEqualTo(text);
    }

    @Test
    void escapes_mean_their_characters() {
        assertThat(Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"")).isEqualTo(new Json.Str("\"\\/\b\f\n\r\té"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\" 1}",
                "{\"a\": 1,}",
                "{\"a\": 1, \"a\": 2}",
                "{a: 1}",
                "01",
                "1.",
                ".5",
                "+1",
                "NaN",
                "Infinity",
                "tru",
                "\"open",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"line\nbreak\"",
                "1 2",
                "[1] x"
            })
    void what_is_not_json_is_refused(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("JSON, character ");
    }

    @Test
    void nesting_is_bounded() {
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 100 levels");
    }

    @Test
    void a_number_that_json_cannot_say_is_refused() {
        assertThatThrownBy(() -> Json.object().with("value", Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_request_is_read_whatever_else_it_holds() {
        Request request = Request.parse("""
                {"stage": "code", "seed": 123, "time_limit_seconds": 2.5, "base": {"metrics": []},
                 "inspirations": [{"commit": "a", "metrics": []}, {"subject": "no commit"}], "plan": null}
                """);

        assertThat(request).isEqualTo(new Request(123, Duration.ofMillis(2500), List.of("a")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "{\"seed\": \"1\", \"time_limit_seconds\": 1}", "{\"seed\": 1}"})
    void a_request_without_its_seed_or_limit_is_refused(String text) {
        assertThatThrownBy(() -> Request.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("request: ");
    }
}
