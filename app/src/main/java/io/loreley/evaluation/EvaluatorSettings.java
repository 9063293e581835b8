package io.loreley.evaluation;

import io.loreley.domain.Glob;
import io.loreley.domain.Setting;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who measures a candidate. */
public record EvaluatorSettings(
        @Setting(
                doc = "How the program is run and read: `command` is any program under Loreley's contract; `python`, "
                        + "`openevolve` and `shinka` load what `evaluator.python` names; `pytest`, `junit`, `jmh` and "
                        + "`hyperfine` read those tools' reports.",
                fallback = "command")
        EvaluatorKind kind,

        @Setting(
                doc = "The program that measures a clean checkout, as a list of arguments. ${project} is the project's "
                        + "folder, ${java} the java that runs Loreley.",
                fallback = "[]")
        List<String> command,

        @Setting(
                doc = "Where `junit` finds the XML files, as a pattern of git's in the checkout: "
                        + "`**/target/surefire-reports/*.xml`. What fits it before the command runs is deleted. Absent, it "
                        + "is the file that LORELEY_RESULT names.")
        @Nullable
        String report,

        @Setting(doc = "What the Python kinds load.") PythonSettings python,

        @Setting(
                doc = "Several programs, one after the other, each only if the candidate passed the gate before it. "
                        + "Instead of `command`. Metrics merge; of two with one name, the later stage's is kept.",
                fallback = "[]")
        List<StageSettings> stages,

        @Setting(
                doc = "How long one evaluation may run; with stages, how long each of them may that does not say.",
                fallback = "15m",
                min = 1,
                env = "WORKER_EVALUATOR_TIMEOUT_SECONDS")
        Duration timeout,

        @Setting(
                doc = "How many metrics a result may hold.",
                fallback = "64",
                min = 1,
                max = 1000,
                env = "WORKER_EVALUATOR_MAX_METRICS")
        int maxMetrics,

        @Setting(
                doc = "Environment variables handed to the program besides PATH, HOME, LANG and TMPDIR; by name.",
                fallback = "[]")
        List<String> passEnvironment,

        @Setting(doc = "What is pinned, and what a candidate may not touch.")
        GroundSettings ground,

        @Setting(doc = "How often a candidate is measured, and what is made of it.")
        NoiseSettings noise,

        @Setting(doc = "What an evaluation may use of the machine.")
        ContainmentSettings containment,

        @Setting(
                doc =
                        "A second evaluator that no agent hears of, run on the best commits before one is published: what fails "
                                + "it is flagged and not exported.")
        @Nullable
        HoldoutSettings holdout) {

    /** The stage of an evaluator that has no stages. */
    static final String ONLY_STAGE = "full";

    public EvaluatorSettings {
        command = List.copyOf(command);
        stages = List.copyOf(stages);
        passEnvironment = List.copyOf(passEnvironment);
        if (stages.isEmpty()) {
            requireComplete(kind, command, report);
        } else if (!command.isEmpty() || kind != EvaluatorKind.COMMAND) {
            throw new IllegalArgumentException(
                    "says what is run twice: 'stages' replace 'kind' and 'command'; make them a stage");
        }
        Set<String> names = new HashSet<>();
        for (StageSettings stage : stages) {
            if (!names.add(stage.name())) {
                throw new IllegalArgumentException("the stage '%s' is there twice".formatted(stage.name()));
            }
        }
        List<EvaluatorKind> kinds = stages.isEmpty()
                ? List.of(kind)
                : stages.stream().map(StageSettings::kind).toList();
        for (EvaluatorKind used : kinds) {
            if (used.isAdapted() && python.plugin() == null) {
                throw new IllegalArgumentException(
                        "kind '%s' needs python.plugin: what is loaded".formatted(used.word()));
            }
            if ((used == EvaluatorKind.OPENEVOLVE || used == EvaluatorKind.SHINKA) && python.program() == null) {
                throw new IllegalArgumentException(
                        "kind '%s' needs python.program: the file that evolves, seen from the checkout"
                                .formatted(used.word()));
            }
        }
    }

    /** One program under Loreley's contract, and nothing else. */
    public EvaluatorSettings(List<String> command, Duration timeout, int maxMetrics, List<String> passEnvironment) {
        this(
                EvaluatorKind.COMMAND,
                command,
                null,
                PythonSettings.DEFAULT,
                List.of(),
                timeout,
                maxMetrics,
                passEnvironment,
                GroundSettings.DEFAULT,
                NoiseSettings.DEFAULT,
                ContainmentSettings.DEFAULT,
                null);
    }

    static void requireComplete(EvaluatorKind kind, List<String> command, @Nullable String report) {
        if (command.isEmpty() && !kind.bringsItsProgram()) {
            throw new IllegalArgumentException(
                    "command: is required for kind '%s': the program, then its arguments".formatted(kind.word()));
        }
        if (!command.isEmpty() && kind.isAdapted()) {
            throw new IllegalArgumentException(
                    "command: kind '%s' runs python.plugin, and no command".formatted(kind.word()));
        }
        if (report != null && kind != EvaluatorKind.JUNIT) {
            throw new IllegalArgumentException("report: only kind 'junit' reads one");
        }
        if (report != null) {
            Glob.requireMeaning("report", report);
        }
    }

    /** The steps of an evaluation: those named, or the one program. */
    public List<StageSettings> steps() {
        return stages.isEmpty() ? List.of(new StageSettings(ONLY_STAGE, kind, command, report, null, null)) : stages;
    }
}
