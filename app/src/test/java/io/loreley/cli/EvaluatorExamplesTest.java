package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loreley.cli.display.Check;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Verdict;
import io.loreley.evaluation.Candidate;
import io.loreley.evaluation.Evaluation;
import io.loreley.evaluation.EvaluatorFiles;
import io.loreley.evaluation.Evaluators;
import io.loreley.evaluation.Ground;
import io.loreley.evaluation.Interpreters;
import io.loreley.evaluation.MachineSlots;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The root of each example of an evaluator is measured, and may compete. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class EvaluatorExamplesTest {

    private static final Path EXAMPLES = Path.of("../examples/evaluators");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"stages", "python", "openevolve", "shinka", "pytest", "junit", "jmh", "hyperfine"})
    void its_root_is_measured(String example) throws Exception {
        assumeToolsFor(example);
        Evaluation evaluation = root(EXAMPLES.resolve(example));

        assertThat(evaluation.verdict()).isEqualTo(new Verdict.Accepted());
        switch (example) {
            case "stages" -> assertThat(evaluation.value("distance")).isBetween(2.9, 3.0);
            case "python" -> assertThat(evaluation.value("error")).isBetween(0.05, 0.2);
            case "openevolve" -> assertThat(evaluation.value("combined_score")).isBetween(0.66, 0.67);
            case "shinka" -> assertThat(evaluation.value("combined_score")).isEqualTo(-5.5);
            case "pytest" -> assertThat(evaluation.value("tests_failed")).isEqualTo(1);
            case "junit" -> assertThat(evaluation.value("tests_passed")).isEqualTo(2);
            case "jmh" ->
                assertThat(evaluation
                                .metric("Harness.loop")
                                .orElseThrow()
                                .spread()
                                .samples())
                        .isEqualTo(10);
            case "hyperfine" -> assertThat(evaluation.value("median")).isPositive();
            default -> throw new AssertionError(example);
        }
    }

    @Test
    void no_example_is_left_out() throws IOException {
        try (Stream<Path> folders = Files.list(EXAMPLES)) {
            assertThat(folders.filter(Files::isDirectory)
                            .map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "stages", "python", "openevolve", "shinka", "pytest", "junit", "jmh", "hyperfine");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openevolve", "shinka"})
    void an_example_of_another_system_runs_under_the_settings_that_init_writes(String system) throws Exception {
        assumeTrue(Interpreters.hasPython(), "no python3 on this machine: the settings are not tried");
        InitCommand.Origin origin = InitCommand.Origin.valueOf(system.toUpperCase(java.util.Locale.ROOT));
        Path example = folder.resolve("my example!");
        Files.createDirectories(example);
        String evaluator = system.equals("shinka") ? "evaluate.py" : "evaluator.py";
        String program = system.equals("shinka") ? "initial.py" : "initial_program.py";
        Files.copy(EXAMPLES.resolve(system).resolve(evaluator), example.resolve(evaluator));
        Files.copy(EXAMPLES.resolve(system).resolve("program").resolve(program), example.resolve(program));
        Files.writeString(
                example.resolve("config.yaml"),
                "prompt: {system_message: \"Be: #clever\"}\nevaluator: {timeout: 60, cascade_thresholds: [0.1, 0.2, 0.3]}\n");
        Files.writeString(example.resolve("run_evo.py"), "search_task_sys_msg = \"\"\"Be: #clever\"\"\"\n");

        assertThat(ForeignProject.in(example, origin, null).write()).allMatch(Files::exists);

        Project project = Project.load(example, Map.of(), Map.of());
        assertThat(project.settings().name()).isEqualTo("my-example");
        assertThat(project.settings().goal().strip()).isEqualTo("Be: #clever");
        assertThat(root(example).verdict()).isEqualTo(new Verdict.Accepted());
        assertThatThrownBy(() -> ForeignProject.in(example, origin, null).write())
                .hasMessageContaining("exists already; it is left as it is");
    }

    @ParameterizedTest
    @MethodSource("everyExample")
    void the_doctor_finds_nothing_wrong_with_its_evaluator(Path example) throws Exception {
        assumeToolsFor(example.getFileName().toString());
        Project project = Project.load(example, Map.of(), Map.of());

        assertThat(new ProjectChecks(project, System.getenv(), InstantSource.system())
                        .all().stream().filter(check -> check.name().startsWith("evaluator")))
                .isNotEmpty()
                .extracting(Check::result)
                .doesNotContain(Check.Result.FAILED);
    }

    static List<Path> everyExample() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLES.getParent(), 3)) {
            return files.filter(file -> file.endsWith(Project.FILE))
                    .map(Path::getParent)
                    .toList();
        }
    }

    @Test
    void a_folder_without_an_evaluator_is_refused() {
        assertThatThrownBy(() -> ForeignProject.in(folder, InitCommand.Origin.OPENEVOLVE, null))
                .hasMessageContaining("has no evaluator.py");
    }

    @Test
    void a_program_lies_in_the_folder_and_any_name_and_timeout_can_be_written() throws IOException {
        Path example = Files.createDirectories(folder.resolve("an example"));
        Files.writeString(example.resolve("evaluator.py"), "");
        Files.writeString(example.resolve("a #b: \"c\".py"), "x = 1\n");
        Files.writeString(example.resolve("config.yaml"), "evaluator: {timeout: 0.1}\n");
        Path outside = Files.writeString(folder.resolve("x.py"), "");
        var origin = InitCommand.Origin.OPENEVOLVE;

        for (Path wrong : List.of(outside, Path.of("../x.py"))) {
            assertThatThrownBy(() -> ForeignProject.in(example, origin, wrong))
                    .hasMessageStartingWith("--program: " + wrong + " is not in ");
        }
        Path inside = example.resolve("a #b: \"c\".py");
        assertThat(ForeignProject.in(example, origin, inside).write())
                .contains(example.resolve("program").resolve("a #b: \"c\".py"));
        ProjectSettings written = Project.load(example, Map.of(), Map.of()).settings();
        assertThat(written.evaluator().python().program()).isEqualTo("a #b: \"c\".py");
        assertThat(written.evaluator().timeout()).isEqualTo(Duration.ofSeconds(1));
    }

    private static void assumeToolsFor(String example) {
        switch (example) {
            case "python", "openevolve", "shinka" ->
                assumeTrue(Interpreters.hasPython(), "no python3 on this machine: the example is not run");
            case "pytest" -> assumeTrue(Interpreters.hasPytest(), "no pytest on this machine: the example is not run");
            case "hyperfine" ->
                assumeTrue(
                        Stream.of(System.getenv("PATH").split(":"))
                                .anyMatch(path -> Files.isExecutable(Path.of(path, "hyperfine"))),
                        "no hyperfine on this machine: the example is not run");
            default -> {}
        }
    }

    private Evaluation root(Path example) throws IOException, InterruptedException {
        Project project = Project.load(example, Map.of(), Map.of());
        Path checkout = folder.resolve("checkout");
        copy(project.repository(), checkout);
        var settings = project.settings().evaluator();
        try (ProcessRunner runner = new ProcessRunner()) {
            Ground ground = Ground.pinned(
                    settings,
                    project.folder(),
                    EvaluatorFiles.of(settings, project.folder()),
                    folder.resolve("pinned"));
            return new Evaluators(ground, System.getenv(), runner, folder.resolve("adapters"), new MachineSlots(folder))
                    .of(settings, project.settings().objective())
                    .evaluate(
                            new Candidate(new CommitHash("c".repeat(40)), null, "6f1c", "x", 1),
                            commit -> checkout,
                            Files.createDirectories(folder.resolve("scratch")));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : List.copyOf(files.toList())) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
