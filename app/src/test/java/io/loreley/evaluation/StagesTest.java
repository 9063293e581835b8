package io.loreley.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.Direction;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Objective;
import io.loreley.domain.Requirement;
import io.loreley.domain.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StagesTest {

    private static final Objective SPEED = Workbench.maximize("speed");

    @TempDir
    Path folder;

    private Workbench bench;

    @BeforeEach
    void open() throws IOException {
        bench = new Workbench(folder);
    }

    @AfterEach
    void close() throws IOException {
        bench.close();
    }

    @Test
    void metrics_merge_and_the_later_stage_prevails() throws Exception {
        Evaluation evaluation = bench.evaluate(
                plan(
                        stage("smoke", "{\"metrics\": {\"tests\": 3, \"speed\": 1}, \"logs\": [\"a\"]}", "tests >= 3"),
                        stage("full", "{\"metrics\": {\"speed\": 9}, \"logs\": [\"b\"]}", null)),
                SPEED);

        assertThat(evaluation.metrics())
                .extracting(metric -> metric.name() + "=" + metric.value())
                .containsExactly("tests=3.0", "speed=9.0");
        assertThat(evaluation.verdict()).isEqualTo(new Verdict.Accepted());
        assertThat(evaluation.logs()).containsExactly("a", "b");
        assertThat(bench.scratch().resolve("stages/smoke/request.json"))
                .content()
                .contains("\"stage\" : \"smoke\"");
        assertThat(bench.scratch().resolve("evaluation.json")).content().contains("speed");
    }

    @Test
    void a_candidate_that_fails_a_gate_keeps_its_metrics_and_goes_no_further() throws Exception {
        Evaluation evaluation = bench.evaluate(
                plan(
                        stage("smoke", "{\"metrics\": {\"tests\": 2}}", "tests >= 3"),
                        stage("full", "{\"metrics\": {\"speed\": 9}}", null)),
                SPEED);

        assertThat(evaluation.verdict())
                .isEqualTo(new Verdict.GateFailed("smoke", "tests is 2.0, asked for is tests >= 3"));
        assertThat(evaluation.metrics()).extracting(Measurement::name).containsExactly("tests");
        assertThat(evaluation.feedback()).contains("stopped after stage 'smoke'");
        assertThat(bench.scratch().resolve("stages/full")).doesNotExist();
    }

    @Test
    void a_gate_whose_metric_is_missing_is_a_failed_evaluation() throws Exception {
        LoreleyException failure = bench.failure(
                plan(stage("smoke", "{\"metrics\": {\"test\": 2}}", "tests >= 3"), stage("full", "{}", null)), SPEED);

        assertThat(failure.kind()).isEqualTo(FailureKind.EVALUATOR_OUTPUT);
        assertThat(failure).hasMessageContainingAll("did not report 'tests'", "stage 'smoke'", "[test]");
    }

    @Test
    void each_stage_has_a_limit_of_its_own() throws Exception {
        StageSettings slow = new StageSettings(
                "smoke", EvaluatorKind.COMMAND, List.of("sh", "-c", "sleep 60"), null, Duration.ofMillis(300), null);

        LoreleyException failure = bench.failure(plan(slow, stage("full", "{}", null)), SPEED);

        assertThat(failure.kind()).isEqualTo(FailureKind.EVALUATOR_TIMEOUT);
        assertThat(failure).hasMessageContaining("Stage 'smoke'").hasMessageContaining("within 300 ms");
    }

    @Test
    void a_broken_constraint_makes_a_measured_candidate_invalid() throws Exception {
        Objective objective = new Objective(
                "speed",
                Direction.MAXIMIZE,
                List.of(),
                List.of(Requirement.parse("latency_ms <= 20"), Requirement.parse("errors == 0")));

        assertThat(bench.evaluate(echo("{\"metrics\": {\"speed\": 9, \"latency_ms\": 20, \"errors\": 0}}"), objective)
                        .verdict())
                .isEqualTo(new Verdict.Accepted());
        Evaluation invalid =
                bench.evaluate(echo("{\"metrics\": {\"speed\": 9, \"latency_ms\": 20.5, \"errors\": 1}}"), objective);
        assertThat(invalid.verdict())
                .isEqualTo(new Verdict.ConstraintViolated(
                        "latency_ms is 20.5, required is latency_ms <= 20; errors is 1.0, required is errors == 0"));
        assertThat(invalid.value("speed")).isEqualTo(9);
    }

    @Test
    void a_candidate_that_the_evaluator_calls_invalid_needs_no_objective() throws Exception {
        Evaluation evaluation = bench.evaluate(echo("{\"metrics\": {}, \"invalid\": \"the sum is wrong\"}"), SPEED);

        assertThat(evaluation.verdict()).isEqualTo(new Verdict.ConstraintViolated("the sum is wrong"));
        assertThat(evaluation.summary()).isEqualTo("invalid: the sum is wrong");
    }

    @Test
    void feedback_is_what_the_evaluator_says_and_the_end_of_its_errors() throws Exception {
        EvaluatorSettings settings = Workbench.Plan.of(
                        EvaluatorKind.COMMAND,
                        "sh",
                        "-c",
                        "yes noise | head -c 100000 >&2; echo token=abcdefgh >&2; echo '{\"metrics\": {\"speed\": 1}, \"feedback\": \"the loop is cold\"}'")
                .settings();

        assertThat(bench.evaluate(settings, SPEED).feedback())
                .startsWith("the loop is cold\n\nThe end of its error output:")
                .endsWith("token=***")
                .hasSizeLessThan(2000);
    }

    @Test
    void agents_are_told_neither_name_nor_value_of_a_private_metric() throws Exception {
        String result =
                "{\"metrics\": [{\"name\": \"speed\", \"value\": 9, \"private\": true}, {\"name\": \"leak\", \"value\": 4321, \"private\": true}]}";
        Objective strict =
                new Objective("speed", Direction.MAXIMIZE, List.of(), List.of(Requirement.parse("leak <= 20")));

        for (Evaluation evaluation : List.of(
                bench.evaluate(plan(stage("smoke", result, "leak <= 20")), SPEED),
                bench.evaluate(echo(result), strict))) {
            assertThat(evaluation.verdict().isAccepted()).isFalse();
            assertThat(evaluation.value("leak")).isEqualTo(4321);
            assertThat(evaluation.summary() + evaluation.feedback() + evaluation.verdict())
                    .contains("a private metric")
                    .doesNotContain("leak", "4321");
        }
        assertThat(bench.evaluate(echo(result), SPEED).summary()).doesNotContain("speed", "9");
        assertThat(bench.failure(echo(result), Workbench.maximize("score")).getMessage())
                .doesNotContain("leak");
    }

    @Test
    void the_metrics_of_all_stages_count_against_their_limit() throws Exception {
        LoreleyException failure =
                bench.failure(plan(stage("a", forty("a"), null), stage("b", forty("b"), null)), SPEED);

        assertThat(failure.kind()).isEqualTo(FailureKind.EVALUATOR_OUTPUT);
        assertThat(failure).hasMessageContaining("reported 80 metrics, and evaluator.max-metrics allows 64");
    }

    @Test
    void settings_that_contradict_themselves_are_refused() {
        StageSettings stage = stage("smoke", "{}", null);
        assertThatThrownBy(() -> plan(stage, stage)).hasMessageContaining("stage 'smoke' is there twice");
        assertThatThrownBy(() -> stage("a b", "{}", null)).hasMessageContaining("'a b' must be letters");
        assertThatThrownBy(() -> Workbench.Plan.of(EvaluatorKind.COMMAND).settings())
                .hasMessageContaining("command: is required");
        assertThatThrownBy(() -> Workbench.Plan.of(EvaluatorKind.SHINKA).settings())
                .hasMessageContaining("needs python.plugin");
        assertThatThrownBy(() ->
                        Workbench.Plan.of(EvaluatorKind.JMH, "x").reporting("r").settings())
                .hasMessageContaining("only kind 'junit' reads one");
    }

    private static String forty(String prefix) {
        return IntStream.range(0, 40)
                .mapToObj(i -> "\"%s%d\": 1".formatted(prefix, i))
                .collect(Collectors.joining(", ", "{\"metrics\": {", "}}"));
    }

    private static EvaluatorSettings plan(StageSettings... stages) {
        return Workbench.Plan.staged(stages).settings();
    }

    private static EvaluatorSettings echo(String result) {
        return Workbench.Plan.of(EvaluatorKind.COMMAND, "echo", result).settings();
    }

    private static StageSettings stage(String name, String result, @Nullable String gate) {
        return new StageSettings(
                name,
                EvaluatorKind.COMMAND,
                List.of("echo", result),
                null,
                null,
                gate == null ? null : Requirement.parse(gate));
    }
}
