package io.loreley.evaluation;

import io.loreley.domain.Direction;
import io.loreley.domain.Objective;
import java.io.IOException;
import java.util.List;

/** A judge of each kind, whose candidate is worth 1 unless it says otherwise: what a test lays out, runs and reads. */
record Judged(Workbench.Plan plan, Objective objective) {

    /** Where the judge lies, in the project and in the copy of it. */
    static String judge(EvaluatorKind kind) {
        return switch (kind) {
            case COMMAND, JUNIT, JMH, HYPERFINE -> "judge.sh";
            case PYTHON, OPENEVOLVE, SHINKA -> "judge.py";
            case PYTEST -> "tests/test_it.py";
        };
    }

    static boolean isPython(EvaluatorKind kind) {
        return !judge(kind).endsWith(".sh");
    }

    /** Lays out the judge. */
    static Judged of(EvaluatorKind kind, Workbench bench) throws IOException {
        bench.project(judge(kind), text(kind));
        return switch (kind) {
            case COMMAND, JUNIT, JMH, HYPERFINE ->
                new Judged(Workbench.Plan.of(kind, "sh", "${project}/judge.sh"), objective(kind));
            case PYTHON -> new Judged(Workbench.Plan.adapted(kind, "judge:judge", null), objective(kind));
            case OPENEVOLVE, SHINKA ->
                new Judged(Workbench.Plan.adapted(kind, "${project}/judge.py", "program.py"), objective(kind));
            case PYTEST ->
                new Judged(
                        Workbench.Plan.of(kind).on(new GroundSettings(List.of(), List.of("tests"), List.of())),
                        objective(kind));
        };
    }

    private static Objective objective(EvaluatorKind kind) {
        return switch (kind) {
            case COMMAND, PYTHON, OPENEVOLVE -> Workbench.maximize("score");
            case SHINKA -> Workbench.maximize("combined_score");
            case PYTEST, JUNIT -> Workbench.maximize("tests_passed");
            case JMH -> Workbench.maximize("B.run");
            case HYPERFINE -> new Objective("mean", Direction.MINIMIZE);
        };
    }

    private static String text(EvaluatorKind kind) {
        return switch (kind) {
            case COMMAND -> shell("{\"metrics\": {\"score\": 1}}");
            case JUNIT -> shell("<testsuite tests=\"1\"><testcase name=\"a\" time=\"0\"/></testsuite>");
            case JMH ->
                shell(
                        "[{\"benchmark\": \"a.B.run\", \"mode\": \"thrpt\", \"primaryMetric\": {\"score\": 1, \"scoreUnit\": \"ops/s\", \"rawData\": [[1]]}}]");
            case HYPERFINE ->
                shell(
                        "{\"results\": [{\"command\": \"x\", \"mean\": 1, \"median\": 1, \"min\": 1, \"max\": 1, \"times\": [1]}]}");
            case PYTHON -> """
                    import runpy

                    def judge(context):
                        found = runpy.run_path(str(context.worktree / "program.py"))
                        return {"summary": "ok", "metrics": [{"name": "score", "value": found["SCORE"]}],
                                "logs": [found.get("NOTE", "")]}
                    """;
            case OPENEVOLVE -> """
                    import runpy

                    def evaluate(path):
                        found = runpy.run_path(path)
                        return {"score": found["SCORE"], "artifacts": {"note": found.get("NOTE", "")}}
                    """;
            case SHINKA -> """
                    import argparse, json, os, runpy

                    parser = argparse.ArgumentParser()
                    parser.add_argument("--program_path")
                    parser.add_argument("--results_dir")
                    options = parser.parse_args()
                    found = runpy.run_path(options.program_path)
                    with open(os.path.join(options.results_dir, "metrics.json"), "w") as file:
                        json.dump({"combined_score": found["SCORE"], "text_feedback": found.get("NOTE", "")}, file)
                    with open(os.path.join(options.results_dir, "correct.json"), "w") as file:
                        json.dump({"correct": True}, file)
                    """;
            case PYTEST -> """
                    import program

                    def test_it():
                        assert program.SCORE == 1
                    """;
        };
    }

    private static String shell(String report) {
        return ". ./candidate.sh\nprintf '%s' '" + report + "' > \"$LORELEY_RESULT\"\n";
    }
}
