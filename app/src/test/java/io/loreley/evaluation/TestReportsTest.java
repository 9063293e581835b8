package io.loreley.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Objective;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a test runner's exit code and its reports say together. */
@Timeout(60)
class TestReportsTest {

    private static final Objective PASSED = Workbench.maximize("tests_passed");
    private static final String GOOD = "<testsuite><testcase name=\"good\"/></testsuite>";
    private static final String BAD =
            "<testsuite><testcase name=\"good\"/><testcase name=\"bad\"><failure message=\"no\"/></testcase></testsuite>";

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

    /** 1 as most runners, 2 as PHPUnit, 3 as Bazel, 8 as CTest, the number of failures as Mocha. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 200})
    void a_runner_that_fails_because_a_test_did_has_a_result(int code) throws Exception {
        Evaluation evaluation = bench.evaluate(runner(BAD, code), PASSED);

        assertThat(evaluation.value("tests_passed")).isEqualTo(1);
        assertThat(evaluation.value("tests_failed")).isEqualTo(1);
        assertThat(evaluation.feedback()).contains("bad: no");
    }

    @Test
    void a_runner_that_fails_though_no_test_did_has_none() throws Exception {
        LoreleyException failure = bench.failure(runner(GOOD, 1), PASSED);

        assertThat(failure.kind()).isEqualTo(FailureKind.EVALUATOR_CRASH);
        assertThat(failure).hasMessageContaining("exit code 1");
    }

    @Test
    void a_runner_that_was_killed_has_none_whatever_it_left() throws Exception {
        assertThat(bench.failure(runner(BAD, 137), PASSED).kind()).isEqualTo(FailureKind.EVALUATOR_CRASH);
    }

    @ParameterizedTest
    @EnumSource(names = {"PYTEST", "JMH", "HYPERFINE"})
    void a_tool_that_is_not_installed_is_no_fault_of_the_candidate(EvaluatorKind kind) throws Exception {
        EvaluatorSettings settings =
                Workbench.Plan.of(kind, "loreley-no-such-tool", "run").settings();

        LoreleyException failure = bench.failure(settings, PASSED);

        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION);
        assertThat(failure).hasMessageContaining("loreley-no-such-tool");
    }

    @Test
    void a_build_that_fails_before_any_test_is_a_crash() throws Exception {
        EvaluatorSettings settings = Workbench.Plan.of(
                        EvaluatorKind.JUNIT, "sh", "-c", "echo 'no symbol x' >&2; exit 1")
                .reporting("reports/*.xml")
                .settings();

        LoreleyException failure = bench.failure(settings, PASSED);

        assertThat(failure.kind()).isEqualTo(FailureKind.EVALUATOR_CRASH);
        assertThat(failure).hasMessageContaining("no symbol x");
    }

    @Test
    void a_report_that_the_candidate_brought_does_not_count() throws Exception {
        bench.checkout("reports/TEST-mine.xml", GOOD);

        LoreleyException failure = bench.failure(
                Workbench.Plan.of(EvaluatorKind.JUNIT, "true")
                        .reporting("reports/*.xml")
                        .settings(),
                PASSED);

        assertThat(failure.kind()).isEqualTo(FailureKind.EVALUATOR_OUTPUT);
        assertThat(failure).hasMessageContaining("left no report that matches 'reports/*.xml'");
    }

    private static EvaluatorSettings runner(String report, int code) {
        return Workbench.Plan.of(
                        EvaluatorKind.JUNIT,
                        "sh",
                        "-c",
                        "mkdir -p reports && echo '%s' > reports/TEST-a.xml; exit %d".formatted(report, code))
                .reporting("**/reports/*.xml")
                .settings();
    }
}
