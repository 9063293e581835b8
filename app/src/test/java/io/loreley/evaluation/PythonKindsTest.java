package io.loreley.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Evaluators as they are written for other systems, under the user's interpreter and without those systems. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class PythonKindsTest {

    @TempDir
    Path folder;

    private Workbench bench;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(Interpreters.hasPython(), "no python3 on this machine: the Python kinds are not tested");
        bench = new Workbench(folder);
    }

    @AfterEach
    void close() throws IOException {
        if (bench != null) {
            bench.close();
        }
    }

    @Test
    void a_plugin_of_the_python_loreley_runs_unchanged() throws Exception {
        bench.checkout("value.txt", "4").project("evaluate.py", """
                from loreley.core.worker.evaluator import EvaluationContext, EvaluationMetric, EvaluationResult

                def plugin(context: EvaluationContext) -> EvaluationResult:
                    print("noise on standard output")
                    value = float((context.worktree / "value.txt").read_text())
                    return EvaluationResult(
                        summary="read %s for %s" % (value, context.goal),
                        metrics=[EvaluationMetric("value", value, unit="x", higher_is_better=True, details={"n": 1})],
                        tests_executed="one", logs=["a", " ", None, "b"])
                """);

        Evaluation evaluation = bench.evaluate(
                Workbench.Plan.adapted(EvaluatorKind.PYTHON, "evaluate:plugin", null)
                        .settings(),
                Workbench.maximize("value"));

        assertThat(evaluation.summary()).isEqualTo("read 4.0 for Be fast");
        assertThat(evaluation.logs()).containsExactly("a", "b", "tests executed: one");
        assertThat(evaluation.value("value")).isEqualTo(4);
    }

    @Test
    void a_plugin_may_be_a_class_and_return_a_mapping() throws Exception {
        bench.project("evaluate.py", """
                class Judge:
                    async def evaluate(self, context):
                        return {"summary": " ok ", "metrics": {"name": "value", "value": "2.5"}, "logs": "  x  "}
                """);

        Evaluation evaluation = bench.evaluate(
                Workbench.Plan.adapted(EvaluatorKind.PYTHON, "evaluate.Judge", null)
                        .settings(),
                Workbench.maximize("value"));

        assertThat(evaluation.value("value")).isEqualTo(2.5);
        assertThat(evaluation.logs()).containsExactly("x");
    }

    @Test
    void what_a_plugin_may_not_return_is_said() throws Exception {
        refused("return {'summary': 'x', 'metrics': [{'name': 'value', 'value': True}]}", "no finite number: True");
        refused("return {'summary': ' ', 'metrics': []}", "returned no summary");
        refused("return {'summary': 'x', 'metrics': 3}", "metrics must be iterable");
        refused("return {'summary': 'x', 'logs': 42}", "logs must be iterable or a string");
        refused("raise ValueError('the model is gone')", "the model is gone");
        refused("import sys; sys.exit(0)", "something called exit(0)");
    }

    private void refused(String body, String message) throws Exception {
        bench.project("evaluate.py", "def plugin(context):\n    " + body + "\n");
        LoreleyException failure = bench.failure(
                Workbench.Plan.adapted(EvaluatorKind.PYTHON, "evaluate:plugin", null)
                        .settings(),
                Workbench.maximize("value"));
        assertThat(failure.kind()).isEqualTo(FailureKind.EVALUATOR_CRASH);
        assertThat(failure).hasMessageContaining(message);
    }

    @Test
    void an_openevolve_evaluator_runs_with_its_cascade() throws Exception {
        bench.checkout("program.py", "def run():\n    return 0.9\n")
                .project("evaluator.py", """
                import importlib.util
                from openevolve.evaluation_result import EvaluationResult
                import helper

                def load(path):
                    spec = importlib.util.spec_from_file_location("program", path)
                    module = importlib.util.module_from_spec(spec)
                    spec.loader.exec_module(module)
                    return module

                def evaluate_stage1(path):
                    return {"runs": True, "combined_score": load(path).run() * helper.ONE, "error": 0.0}

                def evaluate_stage2(path):
                    return EvaluationResult({"combined_score": load(path).run(), "size": 12, "note": "text"},
                                            {"stderr": b"warm"})

                def evaluate(path):
                    raise AssertionError("not called where stages are")
                """)
                .project("helper.py", "ONE = 1\n");
        EvaluatorSettings settings = Workbench.Plan.adapted(
                        EvaluatorKind.OPENEVOLVE, "${project}/evaluator.py", "program.py")
                .settings();

        Evaluation passed = bench.evaluate(settings, Workbench.maximize("combined_score"));

        assertThat(passed.verdict()).isEqualTo(new Verdict.Accepted());
        assertThat(passed.metrics()).extracting(Measurement::name).containsExactly("combined_score", "size");
        assertThat(passed.feedback()).contains("### stderr\nwarm", "### note\ntext");

        bench.checkout("program.py", "def run():\n    return 0.25\n");
        Evaluation stopped = bench.evaluate(settings, Workbench.maximize("combined_score"));
        assertThat(stopped.verdict()).isEqualTo(new Verdict.GateFailed("stage1", "0.25 is below the threshold of 0.5"));
        assertThat(stopped.value("combined_score")).isEqualTo(0.25);
    }

    @Test
    void an_openevolve_evaluator_that_swallowed_an_error_makes_the_candidate_invalid() throws Exception {
        bench.checkout("program.py", "raise ValueError('broken')\n").project("evaluator.py", """
                def evaluate(path):
                    try:
                        exec(open(path).read())
                    except Exception as error:
                        return {"combined_score": 0, "error": str(error)}
                """);

        Evaluation evaluation = bench.evaluate(
                Workbench.Plan.adapted(EvaluatorKind.OPENEVOLVE, "${project}/evaluator.py", "program.py")
                        .settings(),
                Workbench.maximize("combined_score"));

        assertThat(evaluation.verdict()).isEqualTo(new Verdict.ConstraintViolated("broken"));
    }

    @Test
    void without_a_combined_score_it_is_the_mean_of_what_is_a_number() throws Exception {
        bench.checkout("program.py", "").project("evaluator.py", """
                def evaluate(path):
                    return {"a": 1, "b": 3.0, "c": float("nan"), "d": True, "e": "x"}
                """);

        Evaluation evaluation = bench.evaluate(
                Workbench.Plan.adapted(EvaluatorKind.OPENEVOLVE, "${project}/evaluator.py", "program.py")
                        .settings(),
                Workbench.maximize("combined_score"));

        assertThat(evaluation.value("combined_score")).isEqualTo(2);
    }

    @Test
    void a_shinka_evaluator_runs_with_its_library_standing_in() throws Exception {
        bench.checkout("initial.py", "def run_experiment(seed):\n    return 10 + seed\n")
                .project("evaluate.py", SHINKA);
        EvaluatorSettings settings = Workbench.Plan.adapted(
                        EvaluatorKind.SHINKA, "${project}/evaluate.py", "initial.py")
                .settings();

        Evaluation evaluation = bench.evaluate(settings, Workbench.maximize("combined_score"));

        assertThat(evaluation.verdict()).isEqualTo(new Verdict.Accepted());
        assertThat(evaluation.value("combined_score")).isEqualTo(12);
        assertThat(evaluation.metric("seen").orElseThrow().isPrivate()).isFalse();
        assertThat(evaluation.metric("secret").orElseThrow().isPrivate()).isTrue();
        assertThat(evaluation.feedback()).contains("try more").doesNotContain("hush");

        bench.checkout("initial.py", "def run_experiment(seed):\n    return -1\n");
        assertThat(bench.evaluate(settings, Workbench.maximize("combined_score"))
                        .verdict())
                .isEqualTo(new Verdict.ConstraintViolated("-1 is negative"));

        bench.checkout("initial.py", "def run_experiment(seed):\n    raise KeyError('lost')\n");
        assertThat(bench.evaluate(settings, Workbench.maximize("combined_score"))
                        .verdict())
                .isEqualTo(new Verdict.ConstraintViolated("KeyError: 'lost'"));
    }

    private static final String SHINKA = """
            import argparse
            from shinka.core import run_shinka_eval

            def aggregate(results):
                return {"combined_score": sum(results) / len(results), "public": {"seen": 1, "word": "w"},
                        "private": {"secret": 5, "hush": "hush"}, "text_feedback": "try more"}

            def validate(result):
                return (result >= 0, None if result >= 0 else "%s is negative" % result)

            parser = argparse.ArgumentParser()
            parser.add_argument("--program_path")
            parser.add_argument("--results_dir")
            options = parser.parse_args()
            run_shinka_eval(program_path=options.program_path, results_dir=options.results_dir,
                            experiment_fn_name="run_experiment", num_runs=3, aggregate_metrics_fn=aggregate,
                            validate_fn=validate)
            """;

    @Test
    void a_candidate_that_prints_a_verdict_and_leaves_is_no_result() throws Exception {
        bench.checkout("program.py", """
                import os, sys
                sys.stdout.write('{"metrics": {"combined_score": 1000000}}\\n')
                sys.stdout.flush()
                assert "LORELEY_RESULT" not in os.environ
                os._exit(0)
                """).project("evaluator.py", "def evaluate(path):\n    exec(open(path).read())\n");

        LoreleyException failure = bench.failure(
                Workbench.Plan.adapted(EvaluatorKind.OPENEVOLVE, "${project}/evaluator.py", "program.py")
                        .settings(),
                Workbench.maximize("combined_score"));

        assertThat(failure.kind()).isEqualTo(FailureKind.EVALUATOR_OUTPUT);
        assertThat(failure).hasMessageContaining("wrote no file");
    }

    @Test
    void an_adapter_that_a_candidate_wrote_to_is_mended() throws Exception {
        bench.checkout("program.py", "SCORE = 1\n")
                .project("evaluator.py", "def evaluate(path):\n    return {\"combined_score\": 1}\n");
        Evaluator evaluator = bench.evaluator(
                Workbench.Plan.adapted(EvaluatorKind.OPENEVOLVE, "${project}/evaluator.py", "program.py")
                        .settings(),
                Workbench.maximize("combined_score"));
        Path adapters = Files.createDirectories(folder.resolve("adapters"));
        String cheat =
                "import os\nopen(os.environ['LORELEY_RESULT'], 'w').write('{\"metrics\": {\"combined_score\": 1000}}')\nos._exit(0)\n";

        for (String place : List.of("loreley_adapter.py", "json.py", "stand_ins/openevolve/__init__.py")) {
            evaluator.evaluate(Workbench.CANDIDATE, bench::checkedOut, bench.scratch());
            Files.writeString(adapters.resolve(place), cheat);

            assertThat(evaluator
                            .evaluate(Workbench.CANDIDATE, bench::checkedOut, bench.scratch())
                            .value("combined_score"))
                    .as(place)
                    .isEqualTo(1);
        }
        assertThat(adapters.resolve("json.py")).doesNotExist();
    }

    @Test
    void tests_under_pytest_are_counted() throws Exception {
        assumeTrue(Interpreters.hasPytest(), "no pytest on this machine: kind pytest is not tested");
        bench.checkout("test_it.py", "def test_good():\n    pass\n\ndef test_bad():\n    assert 1 == 2\n");

        Evaluation evaluation =
                bench.evaluate(Workbench.Plan.of(EvaluatorKind.PYTEST).settings(), Workbench.maximize("tests_passed"));

        assertThat(evaluation.value("tests_passed")).isEqualTo(1);
        assertThat(evaluation.value("tests_failed")).isEqualTo(1);
        assertThat(evaluation.feedback()).contains("test_it.test_bad: assert 1 == 2");
        assertThat(List.of(bench.checkout().resolve(".pytest_cache").toFile().exists()))
                .containsExactly(false);
    }
}
