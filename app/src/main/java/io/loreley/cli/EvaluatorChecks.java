package io.loreley.cli;

import io.loreley.cli.display.Check;
import io.loreley.domain.LoreleyException;
import io.loreley.evaluation.EvaluatorFiles;
import io.loreley.evaluation.EvaluatorSettings;
import io.loreley.evaluation.HoldoutSettings;
import io.loreley.evaluation.StageSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Checks what measures candidates: the program of each step, the interpreter of those in Python, the files, and the hold-out. */
final class EvaluatorChecks {

    private static final String PYTHON = "evaluator.python";
    private static final String VERSION =
            "import sys; print('Python', sys.version.split()[0]); sys.exit(sys.version_info < (3, 8))";

    private final EvaluatorSettings settings;
    private final NamedPrograms programs;

    EvaluatorChecks(EvaluatorSettings settings, NamedPrograms programs) {
        this.settings = settings;
        this.programs = programs;
    }

    List<Check> all() {
        List<Check> checks = new ArrayList<>();
        boolean isStaged = !settings.stages().isEmpty();
        for (StageSettings step : settings.steps()) {
            checks.add(
                    isStaged
                            ? check(step, "evaluator " + step.name(), "the stage '%s'".formatted(step.name()))
                            : check(step, "evaluator", "evaluator.command"));
        }
        HoldoutSettings holdout = settings.holdout();
        if (holdout != null) {
            checks.add(programs.check("hold-out", "evaluator.holdout.command", holdout.command()));
        }
        checks.add(files());
        return checks;
    }

    /** As a run pins them when it starts. */
    private Check files() {
        try {
            int pinned =
                    EvaluatorFiles.of(settings, programs.project()).hashes().size();
            return Check.ok("evaluator files", pinned + " pinned");
        } catch (LoreleyException e) {
            return Check.failed(
                    "evaluator files", String.valueOf(e.getMessage()), "correct evaluator in " + Project.FILE);
        }
    }

    private Check check(StageSettings step, String name, String key) {
        return switch (step.kind()) {
            case COMMAND, JUNIT, JMH, HYPERFINE -> programs.check(name, key, step.command());
            case PYTEST ->
                step.command().isEmpty()
                        ? python(
                                name,
                                List.of(),
                                List.of("-m", "pytest", "--version"),
                                "install pytest for that interpreter")
                        : programs.check(name, key, step.command());
            case PYTHON, OPENEVOLVE, SHINKA ->
                python(
                        name,
                        List.of(Objects.requireNonNull(settings.python().plugin(), "the settings were checked")),
                        List.of("-c", VERSION),
                        "install Python 3.8 or newer");
        };
    }

    /** @param named what it is to load */
    private Check python(String name, List<String> named, List<String> question, String fix) {
        List<String> interpreter = settings.python().interpreter();
        Check found = programs.check(name, PYTHON, joined(interpreter, named));
        return found.result() == Check.Result.OK
                ? programs.ask(
                        name,
                        joined(interpreter, question),
                        "%s, or correct %s.interpreter in %s".formatted(fix, PYTHON, Project.FILE))
                : found;
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
