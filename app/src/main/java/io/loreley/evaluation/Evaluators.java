package io.loreley.evaluation;

import io.loreley.contract.CommandTemplate;
import io.loreley.contract.ContractProgram;
import io.loreley.domain.Objective;
import io.loreley.evaluation.report.ContractFormat;
import io.loreley.evaluation.report.HyperfineFormat;
import io.loreley.evaluation.report.JmhFormat;
import io.loreley.evaluation.report.JunitFormat;
import io.loreley.evaluation.report.ReportFormat;
import io.loreley.process.BaseEnvironment;
import io.loreley.process.KnownSecrets;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Makes the evaluator that the settings describe. */
public final class Evaluators {

    /** The project's own folder, whatever {@code ${project}} stands for. */
    private static final String PROJECT_VARIABLE = "LORELEY_PROJECT";

    private final Ground ground;
    private final Map<String, String> environment;
    private final KnownSecrets secrets;
    private final ProcessRunner runner;
    private final PythonAdapter adapter;
    private final MachineSlots slots;

    /**
     * @param environment Loreley's own, of which the program sees the allowed part
     * @param adapters a folder where the Python adapter may be laid out
     * @param slots who may evaluate now
     */
    public Evaluators(
            Ground ground, Map<String, String> environment, ProcessRunner runner, Path adapters, MachineSlots slots) {
        this.ground = ground;
        this.environment = Map.copyOf(environment);
        this.secrets = KnownSecrets.of(environment);
        this.runner = runner;
        this.adapter = new PythonAdapter(adapters);
        this.slots = slots;
    }

    /**
     * Makes one.
     *
     * @throws io.loreley.domain.LoreleyException with kind CONFIGURATION if a command holds an unknown placeholder
     */
    public Evaluator of(EvaluatorSettings settings, Objective objective) {
        Map<String, String> variables = new HashMap<>(BaseEnvironment.of(environment, settings.passEnvironment()));
        variables.put(PROJECT_VARIABLE, ground.project().toString());
        List<Stage> stages = settings.steps().stream()
                .map(step -> new Stage(
                        step.name(),
                        new Stage.Program(program(settings, step), variables, secrets, runner),
                        format(step, objective),
                        Objects.requireNonNullElse(step.timeout(), settings.timeout()),
                        settings.containment(),
                        step.gate()))
                .toList();
        StagedEvaluator staged = new StagedEvaluator(stages, objective, settings.maxMetrics());
        boolean isAdapted = settings.steps().stream().map(StageSettings::kind).anyMatch(EvaluatorKind::isAdapted);
        NoiseSettings noise = settings.noise();
        return new RepeatedEvaluator(
                (candidate, checkout, scratch) -> {
                    Path tree = checkout.of(candidate.commit());
                    try (MachineSlots.Right _ = slots.enter(noise.exclusive())) {
                        // Not before: whoever was measured until now may have written to it.
                        ground.prepare(tree);
                        if (isAdapted) {
                            adapter.layOut();
                        }
                        return staged.evaluate(candidate, tree, scratch);
                    }
                },
                noise);
    }

    private List<String> program(EvaluatorSettings settings, StageSettings step) {
        List<String> command = step.command().isEmpty() ? List.of() : expand("command", step.command());
        return switch (step.kind()) {
            case COMMAND, JUNIT -> command;
            case PYTHON, OPENEVOLVE, SHINKA -> adapter.command(step.kind(), settings.python(), this::expand);
            case PYTEST -> {
                List<String> words = new ArrayList<>(
                        command.isEmpty()
                                ? expand("python.interpreter", settings.python().interpreter())
                                : command);
                if (command.isEmpty()) {
                    words.addAll(List.of("-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"));
                }
                words.add("--junitxml=" + ContractProgram.RESULT_ARGUMENT);
                yield words;
            }
            case JMH -> with(command, "-rf", "json", "-rff", ContractProgram.RESULT_ARGUMENT);
            case HYPERFINE -> with(command, "--export-json", ContractProgram.RESULT_ARGUMENT);
        };
    }

    private static List<String> with(List<String> command, String... more) {
        return Stream.concat(command.stream(), Stream.of(more)).toList();
    }

    private static ReportFormat format(StageSettings step, Objective objective) {
        return switch (step.kind()) {
            case COMMAND -> new ContractFormat(objective, true);
            // What is printed there is the candidate's as much as the evaluator's.
            case PYTHON, OPENEVOLVE, SHINKA -> new ContractFormat(objective, false);
            case PYTEST -> new JunitFormat(null);
            case JUNIT -> new JunitFormat(step.report());
            case JMH -> new JmhFormat();
            case HYPERFINE -> new HyperfineFormat();
        };
    }

    /** What lies above the project is no part of the copy. */
    private List<String> expand(String setting, List<String> arguments) {
        return arguments.stream()
                .flatMap(argument -> new CommandTemplate("evaluator." + setting, List.of("-", argument))
                        .expand(argument.contains("${project}/..") ? ground.project() : ground.root()).stream()
                                .skip(1))
                .toList();
    }
}
