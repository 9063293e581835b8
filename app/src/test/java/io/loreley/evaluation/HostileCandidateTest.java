package io.loreley.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Objective;
import io.loreley.process.Isolation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same hostile candidates under every kind of evaluator: each ends in time, contained, with a record that says why. */
@Timeout(120)
class HostileCandidateTest {

    private static final Objective SCORE = Workbench.maximize("score");
    private static final ContainmentSettings TIGHT =
            new ContainmentSettings(Isolation.Kind.NAMESPACE, false, false, 300, Duration.ofSeconds(60), 64, 100);

    private static final String OPENEVOLVE = """
            import importlib.util

            def evaluate(path):
                spec = importlib.util.spec_from_file_location("program", path)
                module = importlib.util.module_from_spec(spec)
                try:
                    spec.loader.exec_module(module)
                except Exception as error:
                    return {"score": 0, "error": str(error)}
                return {"score": module.SCORE}
            """;

    private static final String SHINKA = """
            import argparse, json, os, runpy

            parser = argparse.ArgumentParser()
            parser.add_argument("--program_path")
            parser.add_argument("--results_dir")
            options = parser.parse_args()
            found = runpy.run_path(options.program_path)
            with open(os.path.join(options.results_dir, "metrics.json"), "w") as file:
                json.dump({"combined_score": found["SCORE"]}, file)
            with open(os.path.join(options.results_dir, "correct.json"), "w") as file:
                json.dump({"correct": True}, file)
            """;

    private static final String PLUGIN = """
            import runpy

            def plugin(context):
                found = runpy.run_path(str(context.worktree / "program.py"))
                return {"summary": "ok", "metrics": [{"name": "score", "value": found["SCORE"]}]}
            """;

    @TempDir
    Path folder;

    private Workbench bench;

    @BeforeEach
    void open() throws IOException {
        bench = new Workbench(folder);
    }

    @AfterEach
    void nothing_is_left() throws IOException {
        bench.close();
    }

    @ParameterizedTest
    @EnumSource(HostileCandidate.class)
    void under_a_command(HostileCandidate candidate) throws Exception {
        bench.checkout("candidate.sh", candidate.shell()).project("evaluate.sh", "exec sh ./candidate.sh\n");
        ends(candidate, Workbench.Plan.of(EvaluatorKind.COMMAND, "sh", "${project}/evaluate.sh"));
    }

    @ParameterizedTest
    @EnumSource(
            value = HostileCandidate.class,
            names = {
                "IGNORES_TERM",
                "FORKS_WITHOUT_END",
                "DAEMONISES_AND_STOPS",
                "LEAVES_WITH_NOTHING",
                "KILLS_ITS_PARENT"
            })
    void under_tools_that_leave_reports(HostileCandidate candidate) throws Exception {
        bench.checkout("candidate.sh", candidate.shell());
        for (EvaluatorKind kind : List.of(EvaluatorKind.JMH, EvaluatorKind.HYPERFINE, EvaluatorKind.JUNIT)) {
            LoreleyException failure = failure(candidate, Workbench.Plan.of(kind, "sh", "./candidate.sh"));
            assertThat(failure.kind())
                    .as("%s under %s: %s", candidate, kind, failure.getMessage())
                    .isEqualTo(candidate.kind());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HostileCandidate.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CLAIMS_NAN", "ANSWERS_WITH_TEN_MEGABYTES"})
    void under_openevolve(HostileCandidate candidate) throws Exception {
        assumePython();
        bench.checkout("program.py", candidate.python()).project("evaluator.py", OPENEVOLVE);
        ends(candidate, Workbench.Plan.adapted(EvaluatorKind.OPENEVOLVE, "${project}/evaluator.py", "program.py"));
    }

    @ParameterizedTest
    @EnumSource(
            value = HostileCandidate.class,
            names = {"IGNORES_TERM", "FORKS_WITHOUT_END", "DAEMONISES_AND_STOPS", "KILLS_ITS_PARENT"})
    void under_shinka(HostileCandidate candidate) throws Exception {
        assumePython();
        bench.checkout("program.py", candidate.python()).project("evaluate.py", SHINKA);
        ends(candidate, Workbench.Plan.adapted(EvaluatorKind.SHINKA, "${project}/evaluate.py", "program.py"));
    }

    @ParameterizedTest
    @EnumSource(
            value = HostileCandidate.class,
            names = {"IGNORES_TERM", "DAEMONISES_AND_STOPS", "LEAVES_WITH_NOTHING", "KILLS_ITS_PARENT"})
    void under_a_plugin_and_pytest(HostileCandidate candidate) throws Exception {
        assumePython();
        bench.checkout("program.py", candidate.python()).project("evaluate.py", PLUGIN);
        ends(candidate, Workbench.Plan.adapted(EvaluatorKind.PYTHON, "evaluate:plugin", null));
        if (Interpreters.hasPytest()) {
            bench.checkout("test_it.py", "import program\n");
            LoreleyException failure = failure(candidate, Workbench.Plan.of(EvaluatorKind.PYTEST));
            assertThat(failure.kind())
                    .as("%s under pytest: %s", candidate, failure.getMessage())
                    .isEqualTo(candidate.kind());
        }
    }

    private static void assumePython() {
        assumeTrue(Interpreters.hasPython(), "no python3 on this machine: the Python kinds are not tested");
    }

    private void ends(HostileCandidate candidate, Workbench.Plan plan) throws Exception {
        LoreleyException failure = failure(candidate, plan);
        FailureKind expected = candidate.kind() == null ? FailureKind.EVALUATOR_OUTPUT : candidate.kind();
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(expected);
        assertThat(failure).hasMessageContaining(candidate.message());
        bench.leftovers().assertNone();
        assertThat(bench.scratch().resolve("stdout.log").toFile().length()).isLessThanOrEqualTo(64L << 20);
    }

    private LoreleyException failure(HostileCandidate candidate, Workbench.Plan plan) throws Exception {
        return bench.failure(plan.within(candidate.seconds()).contained(TIGHT).settings(), SCORE);
    }

    @Test
    void a_candidate_that_rewrites_its_evaluator_is_judged_by_the_old_one() throws Exception {
        bench.project("evaluate.sh", "sh ./candidate.sh \"$0\"; echo '{\"metrics\": {\"score\": 1}}'\n")
                .checkout("candidate.sh", "echo 'echo \"{\\\"metrics\\\": {\\\"score\\\": 1000}}\"' > \"$1\"");
        Evaluator evaluator = bench.evaluator(
                Workbench.Plan.of(EvaluatorKind.COMMAND, "sh", "${project}/evaluate.sh")
                        .contained(TIGHT)
                        .settings(),
                SCORE);

        for (int round = 0; round < 2; round++) {
            assertThat(evaluator
                            .evaluate(Workbench.CANDIDATE, bench::checkedOut, bench.scratch())
                            .value("score"))
                    .isEqualTo(1);
        }
    }

    @Test
    void temporary_files_are_gone_afterwards() throws Exception {
        Evaluation evaluation = bench.evaluate(
                Workbench.Plan.of(
                                EvaluatorKind.COMMAND,
                                "sh",
                                "-c",
                                "touch \"$TMPDIR/mine\"; mkdir -p \"$TMPDIR/a/b\"; ln -s / \"$TMPDIR/root\"; echo \"{\\\"summary\\\": \\\"$TMPDIR\\\", \\\"metrics\\\": {\\\"score\\\": 1}}\"")
                        .settings(),
                SCORE);

        assertThat(Path.of(evaluation.summary())).isAbsolute().doesNotExist();
        try (Stream<Path> root = Files.list(Path.of("/"))) {
            assertThat(root).isNotEmpty();
        }
    }

    @Test
    void a_network_is_there_only_if_asked_for() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/net/dev")), "no /proc/net on this machine");
        Workbench.Plan plan = Workbench.Plan.of(
                EvaluatorKind.COMMAND,
                "sh",
                "-c",
                "echo \"{\\\"metrics\\\": {\\\"score\\\": $(grep -c : /proc/net/dev)}}\"");
        ContainmentSettings connected =
                new ContainmentSettings(Isolation.Kind.NAMESPACE, true, false, null, null, 1000, 4096);

        double without = bench.evaluate(plan.settings(), SCORE).value("score");
        double with =
                bench.evaluate(plan.contained(connected).settings(), SCORE).value("score");

        assumeTrue(with > 1, "this machine has no network besides its loopback");
        assertThat(without).as("network devices").isEqualTo(1);
    }
}
