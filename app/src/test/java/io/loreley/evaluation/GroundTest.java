package io.loreley.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.FailureKind;
import io.loreley.domain.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GroundTest {

    private static final Objective SCORE = Workbench.maximize("score");
    private static final String ONE = "#!/bin/sh\necho '{\"metrics\": {\"score\": 1}}'\n";

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

    @Test
    void an_evaluator_is_what_its_command_names_and_the_globs_add() throws Exception {
        bench.project("evaluate.sh", ONE)
                .project("lib/a.jar", "a")
                .project("lib/deep/b.jar", "b")
                .project("data/one.csv", "1")
                .project("data/note.txt", "n")
                .project("other.sh", "o")
                .project("tests/t.py", "t");
        EvaluatorSettings settings = Workbench.Plan.of(
                        EvaluatorKind.COMMAND, "${project}/evaluate.sh", "-cp", "x.jar:${project}/lib:${project}/gone")
                .on(new GroundSettings(List.of("data/*.csv"), List.of("tests"), List.of()))
                .settings();

        assertThat(EvaluatorFiles.of(settings, bench.project()).hashes().keySet())
                .containsExactly("data/one.csv", "evaluate.sh", "lib/a.jar", "lib/deep/b.jar", "tests/t.py");
    }

    @Test
    void a_python_module_is_found_where_python_would_find_it() throws Exception {
        bench.project("evaluate.py", "x").project("pkg/__init__.py", "y").project("pkg/inner.py", "z");

        assertThat(files(Workbench.Plan.adapted(EvaluatorKind.PYTHON, "evaluate:plugin", null)))
                .containsExactly("evaluate.py");
        assertThat(files(Workbench.Plan.adapted(EvaluatorKind.PYTHON, "pkg:plugin", null)))
                .containsExactly("pkg/__init__.py", "pkg/inner.py");
        assertThat(files(Workbench.Plan.adapted(EvaluatorKind.OPENEVOLVE, "${project}/evaluate.py", "p.py")))
                .containsExactly("evaluate.py");
    }

    @Test
    void a_python_module_above_the_project_is_not_pinned() throws Exception {
        bench.project("evaluate.sh", ONE);
        Path above = Files.createDirectories(bench.project().resolveSibling("lib"));
        Files.writeString(above.resolve("judge.py"), "x");

        for (String path : List.of("../lib", "${project}/../lib")) {
            EvaluatorSettings settings = Workbench.Plan.adapted(EvaluatorKind.PYTHON, "judge:plugin", null)
                    .settings();
            assertThat(EvaluatorFiles.of(importing(settings, path), bench.project())
                            .hashes())
                    .isEmpty();
        }
    }

    private static EvaluatorSettings importing(EvaluatorSettings its, String path) {
        PythonSettings python = its.python();
        return new EvaluatorSettings(
                its.kind(),
                its.command(),
                its.report(),
                new PythonSettings(
                        python.interpreter(),
                        python.plugin(),
                        python.program(),
                        List.of(path),
                        python.thresholds(),
                        python.arguments()),
                its.stages(),
                its.timeout(),
                its.maxMetrics(),
                its.passEnvironment(),
                its.ground(),
                its.noise(),
                its.containment(),
                its.holdout());
    }

    private java.util.Set<String> files(Workbench.Plan plan) {
        return EvaluatorFiles.of(plan.settings(), bench.project()).hashes().keySet();
    }

    @Test
    void the_copy_of_the_start_is_what_runs_whatever_becomes_of_the_project() throws Exception {
        bench.project("evaluate.sh", "#!/bin/sh\n. \"$(dirname \"$0\")/lib.sh\"\n")
                .project("lib.sh", ONE);
        EvaluatorSettings settings = Workbench.Plan.of(EvaluatorKind.COMMAND, "${project}/evaluate.sh")
                .settings();
        Evaluator evaluator = bench.evaluator(settings, SCORE);

        bench.project("evaluate.sh", "#!/bin/sh\necho '{\"metrics\": {\"score\": 100}}'\n");

        assertThat(evaluator
                        .evaluate(Workbench.CANDIDATE, bench::checkedOut, bench.scratch())
                        .value("score"))
                .isEqualTo(1);
    }

    @Test
    void a_copy_that_was_written_to_is_mended() throws Exception {
        bench.project("evaluate.sh", ONE);
        EvaluatorSettings settings = Workbench.Plan.of(EvaluatorKind.COMMAND, "${project}/evaluate.sh")
                .settings();
        Evaluator evaluator = bench.evaluator(settings, SCORE);

        Files.writeString(bench.pinned().resolve("evaluate.sh"), "#!/bin/sh\necho '{\"metrics\": {\"score\": 100}}'\n");

        assertThat(evaluator
                        .evaluate(Workbench.CANDIDATE, bench::checkedOut, bench.scratch())
                        .value("score"))
                .isEqualTo(1);
    }

    @Test
    void what_somebody_put_into_the_copy_is_gone_and_links_lead_to_the_project_again() throws Exception {
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        Files.writeString(theirs.resolve("helper.sh"), "theirs");
        bench.project("judge/evaluate.sh", ONE)
                .project("judge/helper.sh", "h")
                .project("judge/__pycache__/evaluate.cpython-313.pyc", "p")
                .project("data/one.csv", "1");
        Ground ground = ground();
        Path judge = bench.pinned().resolve("judge");
        for (int round = 0; round < 2; round++) {
            Files.writeString(judge.resolve("random.py"), "cheat");
            Files.writeString(
                    Files.createDirectories(judge.resolve("__pycache__")).resolve("evaluate.pyc"), "cheat");
            Files.delete(judge.resolve("helper.sh"));
            Files.createSymbolicLink(judge.resolve("helper.sh"), theirs.resolve("helper.sh"));
            Files.delete(bench.pinned().resolve("data"));

            ground.prepare(bench.checkout());

            assertThat(judge).isDirectoryContaining(file -> file.endsWith("evaluate.sh"));
            assertThat(judge.resolve("random.py")).doesNotExist();
            assertThat(judge.resolve("__pycache__")).doesNotExist();
            assertThat(judge.resolve("helper.sh")).isSymbolicLink().hasContent("h");
            assertThat(bench.pinned().resolve("data/one.csv")).hasContent("1");
            assertThat(bench.project().resolve("data/one.csv")).exists();
        }
    }

    @Test
    void a_folder_of_the_copy_that_became_a_link_is_a_folder_again_and_nothing_is_removed_elsewhere() throws Exception {
        bench.project("judge/evaluate.sh", ONE);
        Ground ground = ground();
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        Path kept = Files.writeString(theirs.resolve("kept"), "theirs");
        for (Path replaced : List.of(bench.pinned().resolve("judge"), bench.pinned())) {
            Files.move(replaced, folder.resolve("away-" + replaced.getFileName()));
            Files.createSymbolicLink(replaced, theirs);
            Files.copy(
                    bench.project().resolve("judge/evaluate.sh"),
                    theirs.resolve("evaluate.sh"),
                    StandardCopyOption.REPLACE_EXISTING);

            ground.prepare(bench.checkout());

            assertThat(replaced).isDirectory().isNotEqualTo(theirs);
            assertThat(Files.isSymbolicLink(replaced)).isFalse();
            assertThat(bench.pinned().resolve("judge/evaluate.sh")).hasContent(ONE);
            assertThat(kept).hasContent("theirs");
        }
    }

    private Ground ground() {
        EvaluatorSettings settings = Workbench.Plan.of(EvaluatorKind.COMMAND, "${project}/judge/evaluate.sh")
                .settings();
        EvaluatorFiles files = EvaluatorFiles.of(settings, bench.project());
        return Ground.pinned(settings, bench.project(), files, bench.pinned());
    }

    @Test
    void who_waits_to_be_alone_is_judged_by_what_is_there_then() throws Exception {
        bench.project("evaluate.sh", """
                #!/bin/sh
                if [ -e first ]; then
                  : > "$(dirname "$LORELEY_REQUEST")/started"
                  until [ -e go ]; do sleep 0.01; done
                  rm first
                  echo "echo '{\\"metrics\\": {\\"score\\": 100}}'" > "$0.new"; chmod +x "$0.new"; mv "$0.new" "$0"
                fi
                echo '{"metrics": {"score": 1}}'
                """).checkout("first", "");
        Evaluator evaluator = bench.evaluator(
                Workbench.Plan.of(EvaluatorKind.COMMAND, "${project}/evaluate.sh")
                        .under(new NoiseSettings(1, NoiseSettings.Statistic.MEAN, 0.5, 0, true, false))
                        .settings(),
                SCORE);
        Path second = Files.createDirectory(folder.resolve("second"));
        AtomicReference<Thread> waiting = new AtomicReference<>();
        try (ExecutorService two = Executors.newThreadPerTaskExecutor(Thread::new)) {
            Future<Evaluation> first =
                    two.submit(() -> evaluator.evaluate(Workbench.CANDIDATE, bench::checkedOut, bench.scratch()));
            until(() -> Files.exists(bench.scratch().resolve("started")));
            Future<Evaluation> next = two.submit(() -> {
                waiting.set(Thread.currentThread());
                return evaluator.evaluate(Workbench.CANDIDATE, bench::checkedOut, second);
            });
            until(() -> waiting.get() != null && waiting.get().getState() == Thread.State.WAITING);
            bench.checkout("go", "");

            assertThat(first.get().value("score")).isEqualTo(1);
            assertThat(next.get().value("score")).isEqualTo(1);
        }
    }

    private static void until(BooleanSupplier something) {
        while (!something.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void without_a_good_copy_anywhere_nothing_is_measured() throws Exception {
        bench.project("evaluate.sh", ONE);
        EvaluatorSettings settings = Workbench.Plan.of(EvaluatorKind.COMMAND, "${project}/evaluate.sh")
                .settings();
        EvaluatorFiles files = EvaluatorFiles.of(settings, bench.project());
        bench.project("evaluate.sh", "#!/bin/sh\necho '{\"metrics\": {\"score\": 100}}'\n");

        assertThatThrownBy(() -> Ground.pinned(settings, bench.project(), files, bench.pinned()))
                .hasFieldOrPropertyWithValue("kind", FailureKind.EVALUATOR_CHANGED)
                .hasMessageContaining("evaluate.sh");
    }

    @Test
    void what_is_laid_over_wins_over_the_candidates_files() throws Exception {
        Path treasure = Files.writeString(folder.resolve("treasure"), "mine");
        bench.project("tests/check.sh", "echo '{\"metrics\": {\"score\": 1}}'")
                .project("conf/limits", "strict")
                .checkout("tests/check.sh", "echo '{\"metrics\": {\"score\": 100}}'")
                .checkout("tests/conftest.sh", "cheat");
        Files.createSymbolicLink(bench.project().resolve("tests/limits"), Path.of("../conf/limits"));
        Files.createSymbolicLink(bench.checkout().resolve("conf"), folder);
        EvaluatorSettings settings = Workbench.Plan.of(EvaluatorKind.COMMAND, "sh", "tests/check.sh")
                .on(new GroundSettings(List.of(), List.of("tests", "conf/limits"), List.of()))
                .settings();

        assertThat(bench.evaluate(settings, SCORE).value("score")).isEqualTo(1);
        assertThat(bench.checkout().resolve("tests/conftest.sh")).doesNotExist();
        assertThat(bench.checkout().resolve("conf")).isDirectory();
        assertThat(bench.checkout().resolve("conf/limits")).hasContent("strict");
        assertThat(bench.checkout().resolve("tests/limits")).hasContent("strict");
        assertThat(treasure).hasContent("mine");
        assertThat(folder.resolve("limits")).doesNotExist();
    }

    @Test
    void an_overlay_is_laid_whatever_way_its_path_takes() throws Exception {
        bench.project("tests/check.sh", "echo '{\"metrics\": {\"score\": 1}}'")
                .checkout("tests/check.sh", "echo '{\"metrics\": {\"score\": 100}}'");
        EvaluatorSettings settings = Workbench.Plan.of(EvaluatorKind.COMMAND, "sh", "tests/check.sh")
                .on(new GroundSettings(List.of(), List.of("./tests/"), List.of()))
                .settings();

        assertThat(bench.evaluate(settings, SCORE).value("score")).isEqualTo(1);
    }

    @Test
    void what_names_nothing_is_refused() throws Exception {
        bench.project("data/one.csv", "1");

        assertThatThrownBy(() -> files(on(new GroundSettings(List.of(), List.of("test"), List.of()))))
                .hasFieldOrPropertyWithValue("kind", FailureKind.CONFIGURATION)
                .hasMessageContaining("evaluator.ground.overlay names test");
        assertThatThrownBy(() -> files(on(new GroundSettings(List.of("**/*.csv", "*.txt"), List.of(), List.of()))))
                .hasMessageContaining("evaluator.ground.files names *.txt");
        assertThat(files(on(new GroundSettings(List.of("data/**"), List.of("data"), List.of()))))
                .containsExactly("data/one.csv");
    }

    @Test
    void two_stars_reach_files_at_the_top() throws Exception {
        bench.project("Cargo.lock", "a").project("sub/Cargo.lock", "b");

        assertThat(files(on(new GroundSettings(List.of("**/*.lock"), List.of(), List.of()))))
                .containsExactly("Cargo.lock", "sub/Cargo.lock");
    }

    private static Workbench.Plan on(GroundSettings ground) {
        return Workbench.Plan.of(EvaluatorKind.COMMAND, "true").on(ground);
    }

    @Test
    void a_file_whose_name_holds_a_blank_is_pinned() throws Exception {
        bench.project("my tools/run it.sh", "x").project("b.sh", "y");

        assertThat(files(Workbench.Plan.of(EvaluatorKind.COMMAND, "sh", "${project}/my tools/run it.sh")))
                .containsExactly("my tools/run it.sh");
        assertThat(files(Workbench.Plan.of(
                        EvaluatorKind.COMMAND,
                        "sh",
                        "-c",
                        "sh '${project}/my tools/run it.sh' && sh ${project}/b.sh -x")))
                .containsExactly("b.sh", "my tools/run it.sh");
    }

    @Test
    void many_may_lay_out_one_copy_at_once() throws Exception {
        for (int i = 0; i < 20; i++) {
            bench.project("pinned/p%d/file".formatted(i), "a").project("pinned/p%d/other".formatted(i), "b");
        }
        EvaluatorSettings settings = Workbench.Plan.of(EvaluatorKind.COMMAND, "sh", "${project}/pinned/p0/file")
                .on(new GroundSettings(List.of("pinned/*/file"), List.of(), List.of()))
                .settings();
        EvaluatorFiles files = EvaluatorFiles.of(settings, bench.project());
        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Ground>> grounds = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                grounds.add(many.submit(() -> Ground.pinned(settings, bench.project(), files, bench.pinned())));
            }
            for (Future<Ground> ground : grounds) {
                ground.get().prepare(bench.checkout());
            }
        }

        assertThat(bench.pinned().resolve("pinned/p19/file")).hasContent("a");
        assertThat(bench.pinned().resolve("pinned/p19/other")).isSymbolicLink();
    }

    @Test
    void an_overlay_stays_inside() {
        assertThatThrownBy(() -> new GroundSettings(List.of(), List.of("."), List.of()))
                .hasMessageContaining("must be a path inside the project");
        assertThatThrownBy(() -> new GroundSettings(List.of(), List.of("../x"), List.of()))
                .hasMessageContaining("overlay '../x' must be a path inside the project");
    }
}
