package io.loreley.evaluation.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.contract.MutatedText;
import io.loreley.domain.Direction;
import io.loreley.domain.Measurement;
import io.loreley.domain.Objective;
import io.loreley.domain.Spread;
import io.loreley.domain.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultReaderTest {

    private final ResultReader reader = new ResultReader(new Objective("time", Direction.MINIMIZE));

    @Test
    void metrics_are_a_list_of_objects() {
        assertThat(read("""
                                {"summary": "fast", "logs": ["a", "b"], "extra": 1, "metrics": [
                                  {"name": "time", "value": 1.5, "unit": "s", "direction": "minimize",
                                   "details": {"runs": [1, 2]}},
                                  {"name": "size", "value": 12, "higher_is_better": false},
                                  {"name": "score", "value": -0.1}]}
                                """))
                .isEqualTo(new Report(
                        "fast",
                        List.of(
                                new Measurement("time", 1.5, "s", Direction.MINIMIZE, Map.of("runs", List.of(1, 2))),
                                new Measurement("size", 12, null, Direction.MINIMIZE, Map.of()),
                                new Measurement("score", -0.1, null, Direction.MAXIMIZE, Map.of())),
                        List.of("a", "b"),
                        null,
                        new Verdict.Accepted()));
    }

    @Test
    void metrics_may_be_an_object_of_numbers_with_the_objectives_own_direction() {
        assertThat(read("{\"metrics\": {\"time\": 2, \"score\": 1}}").metrics())
                .containsExactly(
                        new Measurement("time", 2, null, Direction.MINIMIZE, Map.of()),
                        new Measurement("score", 1, null, Direction.MAXIMIZE, Map.of()));
    }

    @Test
    void a_metric_may_tell_its_samples_and_be_kept_from_agents() {
        assertThat(
                        read("{\"metrics\": [{\"name\": \"time\", \"value\": 2, \"samples\": [1, 2, 3], \"private\": true}]}")
                                .metrics())
                .containsExactly(
                        new Measurement("time", 2, null, Direction.MINIMIZE, Map.of(), new Spread(3, 1), true));
    }

    @Test
    void a_program_may_call_a_candidate_invalid_or_stopped() {
        assertThat(read("{\"metrics\": {}, \"invalid\": \"wrong sum\"}").verdict())
                .isEqualTo(new Verdict.ConstraintViolated("wrong sum"));
        assertThat(read("{\"metrics\": {}, \"gate_failed\": {\"stage\": \"smoke\", \"reason\": \"slow\"}}")
                        .verdict())
                .isEqualTo(new Verdict.GateFailed("smoke", "slow"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                                      | must hold 'metrics'
                    {"metrics": 7}                                          | must hold 'metrics'
                    {"metrics": [7]}                                        | must hold an object at 'metrics[0]', and holds the number 7
                    {"metrics": [{"value": 7}]}                             | metrics[0].name is blank
                    {"metrics": [{"name": " ", "value": 7}]}                | metrics[0].name is blank
                    {"metrics": [{"name": 3, "value": 7}]}                  | must hold text at 'metrics[0].name'
                    {"metrics": [{"name": "time"}]}                         | a number as value of metric 'time', and holds none
                    {"metrics": [{"name": "time", "value": "7"}]}           | metric 'time', and holds the text "7"
                    {"metrics": [{"name": "time", "value": true}]}          | metric 'time', and holds true
                    {"metrics": [{"name": "time", "value": null}]}          | metric 'time', and holds null
                    {"metrics": [{"name": "time", "value": NaN}]}           | metric 'time' is NaN
                    {"metrics": {"time": -Infinity}}                        | metric 'time' is -Infinity
                    {"metrics": {"time": 1e400}}                            | metric 'time' is Infinity
                    {"metrics": {"time": false}}                            | metric 'time', and holds false
                    {"metrics": {"time": 1, "time": 2}}                     | is not JSON: line 1
                    {"metrics": [{"name": "a", "value": 1}, {"name": "a", "value": 1}]} | holds the metric 'a' twice
                    {"metrics": [{"name": "time", "value": 1, "higher_is_beter": true}]} | unknown keys [higher_is_beter]
                    {"metrics": [{"name": "time", "value": 1, "unit": 5}]}  | the unit of metric time
                    {"metrics": [{"name": "time", "value": 1, "unit": "123456789012345678901234567890123"}]} | has 33 characters
                    {"metrics": [{"name": "time", "value": 1, "direction": "up"}]} | the direction 'up'
                    {"metrics": [{"name": "time", "value": 1, "private": 1}]} | must hold true or false as private of metric 'time'
                    {"metrics": [{"name": "time", "value": 1, "samples": []}]} | a list of finite numbers as samples of metric 'time'
                    {"metrics": [{"name": "time", "value": 1, "samples": [1, "2"]}]} | a list of finite numbers as samples
                    {"metrics": {}, "gate_failed": "smoke"}                 | an object with [reason, stage] as gate_failed
                    {"metrics": {}, "invalid": true}                        | must hold text at 'invalid'
                    {"metrics": [{"name": "time", "value": 1, "direction": "minimize", "higher_is_better": true}]} | contradicts itself
                    {"metrics": [{"name": "time", "value": 1, "details": [1]}]} | an object as details of metric 'time'
                    {"metrics": [{"name": "time", "value": 1, "details": {"x": NaN}}]} | holds NaN at 'the details of metric time.x'
                    {"metrics": {"time": 1}, "summary": 1}                  | must hold text at 'summary'
                    {"metrics": {"time": 1}, "logs": "x"}                   | a list of texts as logs
                    {"metrics": {"time": 1}, "logs": [1]}                   | must hold text at 'logs[0]'
                    {"metrics": {"time": 1}, "summary": "\\u0000"}          | U+0000
                    {"metrics": {"time": 1, "a\\u0000": 1}}                 | U+0000
                    """)
    void what_cannot_be_used_is_named(String result, String message) {
        assertThatThrownBy(() -> read(result))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void an_over_long_name_is_refused() {
        assertThatThrownBy(() -> read("{\"metrics\": {\"" + "n".repeat(129) + "\": 1}}"))
                .hasMessageContaining("has 129 characters");
    }

    @Test
    void ten_thousand_mutated_results_end_in_an_evaluation_or_a_refusal() {
        MutatedText.of(
                        "{\"summary\": \"f\\u00e4st\", \"logs\": [\"a\"], \"metrics\": [{\"name\": \"time\", \"value\": 1.5e0, \"unit\": \"s\", \"direction\": \"minimize\", \"details\": {\"n\": 3}}]}",
                        10_000)
                .forEach(content -> {
                    try {
                        assertThat(reader.read(content).metrics()).doesNotContainNull();
                    } catch (IllegalArgumentException refused) {
                        assertThat(refused).message().isNotBlank();
                    }
                });
    }

    private Report read(String result) {
        return reader.read(result.getBytes(UTF_8));
    }
}
