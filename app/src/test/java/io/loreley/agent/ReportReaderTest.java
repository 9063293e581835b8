package io.loreley.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.contract.MutatedText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportReaderTest {

    @Test
    void a_summary_is_all_that_is_needed() {
        assertThat(read("{\"summary\": \"It is done.\"}")).isEqualTo(new AgentReport("It is done.", null, Map.of()));
    }

    @Test
    void everything_else_becomes_details_without_its_nulls() {
        assertThat(read("{\"summary\": \"x\", \"commit_message\": null, \"a\": null, \"b\": [1, null, {\"c\": 0.5}]}"))
                .isEqualTo(new AgentReport("x", null, Map.of("b", List.of(1, Map.of("c", 0.5)))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                        | must hold a summary
                    {"summary": null}                         | must hold a summary
                    {"summary": "  "}                         | must hold a summary
                    {"summary": 7}                            | must hold text at 'summary', and holds the number 7
                    {"summary": "x", "commit_message": true}  | must hold text at 'commit_message', and holds true
                    {"summary": "x", "tokens": {"a": NaN}}    | holds NaN at 'report.tokens.a'
                    {"summary": "x", "tokens": [1e999]}       | only finite numbers
                    {"summary": "x\\u0000"}                   | U+0000
                    {"summary": "\\ud800"}                    | half a surrogate pair
                    {"summary": "x", "a\\u0000": 1}           | U+0000
                    "summary"                                 | must be an object, and is the text
                    null                                      | must be an object, and is null
                    """)
    void what_cannot_be_used_is_named(String report, String message) {
        assertThatThrownBy(() -> read(report))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void ten_thousand_mutated_reports_end_in_a_report_or_a_refusal() {
        MutatedText.of(
                        "{\"summary\": \"It is \\u00e4 done.\", \"commit_message\": null, \"usage\": {\"in\": 12, \"cost\": [1.5e3, true]}}",
                        10_000)
                .forEach(content -> {
                    try {
                        assertThat(ReportReader.read(content).summary()).isNotBlank();
                    } catch (IllegalArgumentException refused) {
                        assertThat(refused).message().isNotBlank();
                    }
                });
    }

    private static AgentReport read(String report) {
        return ReportReader.read(report.getBytes(UTF_8));
    }
}
