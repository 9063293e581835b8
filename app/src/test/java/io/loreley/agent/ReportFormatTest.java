package io.loreley.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.agent.ReportFormat.Reading;
import io.loreley.domain.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReportFormatTest {

    private static final String REPORT = CodingAgentContractTest.REPORT;

    @Test
    void every_object_of_a_schema_requires_all_its_keys_and_allows_no_other() {
        assertStrict(PlanReport.FORMAT.schema());
        assertStrict(CodeReport.FORMAT.schema());
        assertThat(Json.write(PlanReport.FORMAT.schema())).doesNotContain("maxLength", "maxItems", "minItems");
    }

    private static void assertStrict(Map<?, ?> schema) {
        if ("object".equals(schema.get("type"))) {
            Map<?, ?> properties = within(schema, "properties");
            assertThat(schema.get("additionalProperties")).isEqualTo(false);
            assertThat(schema.get("required")).isEqualTo(List.copyOf(properties.keySet()));
            properties.values().forEach(each -> assertStrict((Map<?, ?>) each));
        } else if ("array".equals(schema.get("type"))) {
            assertStrict(within(schema, "items"));
        }
    }

    private static Map<?, ?> within(Map<?, ?> schema, String key) {
        return (Map<?, ?>) Objects.requireNonNull(schema.get(key), key);
    }

    @Test
    void an_absent_text_may_be_null_and_a_state_is_one_of_its_words() {
        String schema = Json.write(CodeReport.FORMAT.schema()).replaceAll("\\s+", " ");

        assertThat(schema)
                .contains("\"commit_message\" : { \"type\" : [ \"string\", \"null\" ]")
                .contains("\"enum\" : [ \"completed\", \"partial\", \"skipped\" ]");
    }

    @Test
    void json_is_found_in_a_fence_and_between_words() {
        assertThat(CodeReport.FORMAT.read("Done:\n  ```json\n" + REPORT + "\n  ```\nBye.", true))
                .isInstanceOf(Reading.Read.class);
        assertThat(CodeReport.FORMAT.read("Done: " + REPORT + " Bye.", true)).isInstanceOf(Reading.Read.class);
    }

    @Test
    void what_is_too_long_is_cut_or_in_strict_mode_refused() {
        String longer = REPORT.replace("Unrolled the loop.", "x".repeat(2_001));

        assertThat(CodeReport.FORMAT.read(longer, false))
                .isInstanceOfSatisfying(
                        Reading.Read.class,
                        read -> assertThat(((CodeReport) read.report()).implementationSummary())
                                .hasSize(2_000)
                                .endsWith("…"));
        assertThat(CodeReport.FORMAT.read(longer, true))
                .isEqualTo(new Reading.Unfit<CodeReport>(
                        "holds 2001 characters at 'implementation_summary', and 2000 are allowed"));
    }

    @Test
    void all_that_is_wrong_is_said_at_once() {
        assertThat(CodeReport.FORMAT.read("{\"implementation_summary\": 7, \"notes\": \"x\"}", false))
                .isInstanceOfSatisfying(
                        Reading.Unfit.class,
                        unfit -> assertThat(unfit.why())
                                .contains("must hold text at 'implementation_summary', and holds the number 7")
                                .contains("lacks 'step_results'")
                                .contains("must hold a list at 'notes', and holds the text \"x\""));
    }

    @Test
    void what_is_left_of_a_report_is_kept_unless_it_says_nothing() {
        assertThat(CodeReport.FORMAT.salvage("{\"implementation_summary\": \"Did it.\", \"notes\": 7}"))
                .isEqualTo(new Reading.Read<>(
                        new CodeReport("Did it.", null, List.of(), List.of(), List.of(), List.of(), List.of())));
        assertThat(CodeReport.FORMAT.salvage("{\"notes\": [\"x\"]}")).isInstanceOf(Reading.Unfit.class);
        assertThat(CodeReport.FORMAT.salvage("Did it.")).isInstanceOf(Reading.Unfit.class);
    }
}
