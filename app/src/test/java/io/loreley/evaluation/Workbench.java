package io.loreley.evaluation;

import io.loreley.contract.Leftovers;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Objective;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A project, a checkout and a place for artifacts, in which a test evaluates. Closing it finds what was left running. */
final class Workbench implements AutoCloseable {

    static final Candidate CANDIDATE =
            new Candidate(new CommitHash("c".repeat(40)), new CommitHash("b".repeat(40)), "6f1c", "Be fast", 7);

    private static final String SEEN = "SEEN";

    private ProcessRunner runner = new ProcessRunner();
    private final Leftovers leftovers = Leftovers.watched();
    private final Path folder;

    Workbench(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(project());
        Files.createDirectories(checkout());
        Files.createDirectories(scratch());
    }

    Path project() {
        return folder.resolve("project");
    }

    Path checkout() {
        return folder.resolve("checkout");
    }

    /** The checkout as the test left it, whatever the commit. */
    Path checkedOut(CommitHash commit) {
        return checkout();
    }

    Path scratch() {
        return folder.resolve("scratch");
    }

    Path pinned() {
        return folder.resolve("pinned");
    }

    /** Has evaluators made from now on find nothing there. */
    Workbench hide(Path... paths) {
        runner = runner.hiding(List.of(paths));
        return this;
    }

    Leftovers leftovers() {
        return leftovers;
    }

    /** Writes a file of the project, which is executable. */
    Workbench project(String name, String content) throws IOException {
        write(project().resolve(name), content);
        return this;
    }

    Workbench checkout(String name, String content) throws IOException {
        write(checkout().resolve(name), content);
        return this;
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        file.toFile().setExecutable(true);
    }

    Evaluation evaluate(EvaluatorSettings settings, Objective objective) throws InterruptedException {
        return evaluator(settings, objective).evaluate(CANDIDATE, this::checkedOut, scratch());
    }

    /** The failure that an evaluation ends with. */
    LoreleyException failure(EvaluatorSettings settings, Objective objective) throws InterruptedException {
        return failureOf(settings, objective).orElseThrow(() -> new AssertionError("it did not fail"));
    }

    /** The failure that an evaluation ends with, if it does not end well. */
    Optional<LoreleyException> failureOf(EvaluatorSettings settings, Objective objective) throws InterruptedException {
        try {
            evaluate(settings, objective);
            return Optional.empty();
        } catch (LoreleyException e) {
            return Optional.of(e);
        }
    }

    /** The folders that candidates noted in the file which {@code $SEEN} names. */
    List<Path> temporaryFolders() throws IOException {
        return Files.exists(seen())
                ? Files.readAllLines(seen()).stream().map(Path::of).toList()
                : List.of();
    }

    private Path seen() {
        return folder.resolve("seen");
    }

    Evaluator evaluator(EvaluatorSettings settings, Objective objective) {
        Map<String, String> environment = new HashMap<>(leftovers.environment());
        environment.put(SEEN, seen().toString());
        EvaluatorFiles files = EvaluatorFiles.of(settings, project());
        return new Evaluators(
                        Ground.pinned(settings, project(), files, pinned()),
                        environment,
                        runner,
                        folder.resolve("adapters"),
                        new MachineSlots(folder.resolve("locks")))
                .of(settings, objective);
    }

    static Objective maximize(String metric) {
        return new Objective(metric, Direction.MAXIMIZE);
    }

    /** Settings as they are bound from a file, each part replaceable. */
    record Plan(
            EvaluatorKind kind,
            List<String> command,
            @Nullable String report,
            PythonSettings python,
            List<StageSettings> stages,
            Duration time,
            GroundSettings ground,
            NoiseSettings noise,
            ContainmentSettings containment) {

        static Plan of(EvaluatorKind kind, String... command) {
            return new Plan(
                    kind,
                    List.of(command),
                    null,
                    PythonSettings.DEFAULT,
                    List.of(),
                    Duration.ofSeconds(60),
                    GroundSettings.DEFAULT,
                    NoiseSettings.DEFAULT,
                    ContainmentSettings.DEFAULT);
        }

        static Plan adapted(EvaluatorKind kind, String plugin, @Nullable String program) {
            PythonSettings python = new PythonSettings(
                    List.of("python3"), plugin, program, List.of("${project}"), List.of("0.5", "0.75"), List.of());
            return new Plan(
                    kind,
                    List.of(),
                    null,
                    python,
                    List.of(),
                    Duration.ofSeconds(60),
                    GroundSettings.DEFAULT,
                    NoiseSettings.DEFAULT,
                    ContainmentSettings.DEFAULT);
        }

        static Plan staged(StageSettings... stages) {
            return new Plan(
                    EvaluatorKind.COMMAND,
                    List.of(),
                    null,
                    PythonSettings.DEFAULT,
                    List.of(stages),
                    Duration.ofSeconds(60),
                    GroundSettings.DEFAULT,
                    NoiseSettings.DEFAULT,
                    ContainmentSettings.DEFAULT);
        }

        Plan within(Duration newTime) {
            return new Plan(kind, command, report, python, stages, newTime, ground, noise, containment);
        }

        Plan reporting(String newReport) {
            return new Plan(kind, command, newReport, python, stages, time, ground, noise, containment);
        }

        Plan on(GroundSettings newGround) {
            return new Plan(kind, command, report, python, stages, time, newGround, noise, containment);
        }

        Plan under(NoiseSettings newNoise) {
            return new Plan(kind, command, report, python, stages, time, ground, newNoise, containment);
        }

        Plan contained(ContainmentSettings newContainment) {
            return new Plan(kind, command, report, python, stages, time, ground, noise, newContainment);
        }

        EvaluatorSettings settings() {
            return new EvaluatorSettings(
                    kind,
                    command,
                    report,
                    python,
                    stages,
                    time,
                    64,
                    List.of(Leftovers.VARIABLE, SEEN),
                    ground,
                    noise,
                    containment,
                    null);
        }
    }

    @Override
    public void close() throws IOException {
        runner.close();
        leftovers.assertNone();
    }
}
