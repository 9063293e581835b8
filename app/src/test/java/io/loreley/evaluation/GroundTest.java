package io.loreley.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.FailureKind;
import io.loreley.domain.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
                        .evaluate(Workbench.CANDIDATE, bench.checkout(), bench.scratch())
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
                        .evaluate(Workbench.CANDIDATE, bench.checkout(), bench.scratch())
                        .value("score"))
                .isEqualTo(1);
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
        Files.createSymbolicLink(bench.checkout().resolve("conf"), folder);
        EvaluatorSettings settings = Workbench.Plan.of(EvaluatorKind.COMMAND, "sh", "tests/check.sh")
                .on(new GroundSettings(List.of(), List.of("tests", "conf/limits"), List.of()))
                .settings();

        assertThat(bench.evaluate(settings, SCORE).value("score")).isEqualTo(1);
        assertThat(bench.checkout().resolve("tests/conftest.sh")).doesNotExist();
        assertThat(bench.checkout().resolve("conf")).isDirectory();
        assertThat(bench.checkout().resolve("conf/limits")).hasContent("strict");
        assertThat(treasure).hasContent("mine");
        assertThat(folder.resolve("limits")).doesNotExist();
    }

    @Test
    void an_overlay_stays_inside() {
        assertThatThrownBy(() -> new GroundSettings(List.of(), List.of("../x"), List.of()))
                .hasMessageContaining("overlay '../x' must be a path inside the project");
    }
}
