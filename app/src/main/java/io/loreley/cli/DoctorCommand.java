package io.loreley.cli;

import io.loreley.cli.display.Check;
import io.loreley.cli.display.Check.Result;
import io.loreley.cli.display.CheckText;
import io.loreley.cli.display.JsonView;
import io.loreley.domain.LoreleyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks the machine, and a project if there is one, and says how to mend what is wrong. */
@Command(name = "doctor", description = "Check the machine and the project, and say how to mend what is wrong.")
final class DoctorCommand implements Callable<Integer> {

    private final Surroundings surroundings;
    private final Engine engine;

    @Parameters(
            arity = "0..1",
            paramLabel = "PROJECT",
            description = "The project's folder, or its loreley.yaml (default: here, if there is one).")
    private @Nullable Path project;

    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    @Mixin
    private MachineOptions machine = new MachineOptions();

    DoctorCommand(Surroundings surroundings, Engine engine) {
        this.surroundings = surroundings;
        this.engine = engine;
    }

    /** What {@code --json} prints. */
    record Examination(boolean healthy, List<Check> checks) {

        Examination {
            checks = List.copyOf(checks);
        }
    }

    @Override
    public Integer call() {
        Examination examination = examine();
        if (json) {
            surroundings.out().println(JsonView.record(examination));
        } else {
            examination.checks().forEach(this::print);
        }
        return examination.healthy() ? Failures.OK : Failures.FAILURE;
    }

    private Examination examine() {
        MachineChecks ofMachine =
                new MachineChecks(machine.settings(null, surroundings.environment()), surroundings.environment());
        List<Check> checks = new ArrayList<>(
                List.of(ofMachine.java(), ofMachine.git(), ofMachine.home(), ofMachine.database(engine)));
        if (project != null || Files.exists(Path.of(Project.FILE))) {
            checks.addAll(ofProject(project == null ? Path.of(".") : project));
        }
        return new Examination(checks.stream().noneMatch(check -> check.result() == Result.FAILED), checks);
    }

    private List<Check> ofProject(Path place) {
        try {
            Project loaded = Project.load(place, Map.of(), surroundings.environment());
            List<Check> checks = new ArrayList<>();
            checks.add(Check.ok("project", loaded.folder().resolve(Project.FILE).toString()));
            checks.addAll(new ProjectChecks(loaded, surroundings.environment(), surroundings.clock()).all());
            return checks;
        } catch (LoreleyException e) {
            return List.of(
                    Check.failed("project", String.valueOf(e.getMessage()), "see docs/settings.md for every key"));
        }
    }

    private void print(Check check) {
        CheckText.lines(check, surroundings.colours()).forEach(surroundings.out()::println);
    }
}
