package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.loreley.cli.settings.Source;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.LoreleyException;
import io.loreley.evaluation.EvaluatorFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectTest {

    private static final CommitHash ROOT = new CommitHash("a".repeat(40));

    private static final String PROJECT = """
            name: packing
            goal: >
              Pack circles.
            repository: packing
            import: true
            constraints: ["keep the format"]
            agent: {command: ["${project}/agent"], timeout: 30s}
            evaluator: {command: ["${project}/evaluate"]}
            objective: {metric: sum_radii, direction: maximize}
            budget: {jobs: 100, time: 2m}
            search: {seed: 1}
            """;

    @TempDir
    Path folder;

    @Test
    void a_project_is_named_by_its_folder_or_by_its_file() throws IOException {
        Path file = write(PROJECT);

        Project project = load(folder);

        assertThat(load(file)).isEqualTo(project);
        assertThat(project.folder()).isEqualTo(folder);
        assertThat(project.repository()).isEqualTo(folder.resolve("packing"));
        assertThat(project.settings().importFolder()).isTrue();
        assertThat(project.settings().objective().direction()).isEqualTo(Direction.MAXIMIZE);
        assertThat(project.settings().budget().time()).isEqualTo(Duration.ofMinutes(2));
        assertThat(project.settings().agent().planCommand()).isNull();
    }

    @Test
    void it_goes_on_under_the_name_and_the_seed_that_it_was_given() throws IOException {
        Path file = write(PROJECT);
        Path other = Files.move(file, folder.resolve("other.yaml"));

        assertThat(load(other).continuation()).containsExactly("run", other.toString());

        Files.move(other, file);
        Map<String, Source> flags =
                Map.of("search.seed", new Source("--seed", "7"), "budget.jobs", new Source("--jobs", "9"));
        assertThat(Project.load(folder, flags, Map.of()).continuation())
                .containsExactly("run", folder.toString(), "--seed", "7");
    }

    @Test
    void a_missing_project_says_what_to_name() {
        assertThatExceptionOfType(LoreleyException.class)
                .isThrownBy(() -> load(folder))
                .withMessageContaining("loreley.yaml does not exist. Name a folder");
    }

    @ParameterizedTest
    @CsvSource({
        "keep the format, 201, 200",
        "sum_radii,       129, 128",
        "name: packing,   256, 255",
    })
    void what_cannot_be_stored_is_refused_at_the_start_and_never_cut(String text, int length, int most)
            throws IOException {
        String longText = "x".repeat(length);
        write(PROJECT.replace(text, text.startsWith("name: ") ? "name: " + longText : longText));

        assertThatExceptionOfType(LoreleyException.class)
                .isThrownBy(() -> load(folder))
                .withMessageContaining("%d characters, and at most %d can be stored".formatted(length, most));
    }

    @Test
    void a_goal_of_any_length_is_kept_whole() throws IOException {
        String goal = "Pack the circles, and do it well. ".repeat(1000).strip();
        write(PROJECT.replace("goal: >\n  Pack circles.", "goal: " + goal));

        assertThat(identity().snapshot()).containsEntry("goal", goal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\0", "\\uD800"})
    void a_character_that_no_database_holds_is_refused_by_its_key(String character) throws IOException {
        write(PROJECT.replace("goal: >\n  Pack circles.", "goal: \"fast" + character + "er\""));

        assertThatExceptionOfType(LoreleyException.class)
                .isThrownBy(this::identity)
                .withMessageContaining("goal holds a character that cannot be stored");
    }

    @Test
    void what_says_nothing_on_the_search_leaves_the_experiment_as_it_is() throws IOException {
        write(PROJECT);
        ExperimentSettings before = identity();
        write(PROJECT.replace("name: packing", "name: other")
                .replace("30s", "60s")
                .replace("jobs: 100", "jobs: 7")
                .replace("repository: packing", "repository: /elsewhere/packing"));

        assertThat(identity()).isEqualTo(before);
    }

    @Test
    void what_defines_the_search_makes_another_experiment() throws IOException {
        write(PROJECT);
        ExperimentSettings before = identity();
        write(PROJECT.replace("seed: 1", "seed: 2")
                .replace("maximize", "minimize")
                .replace("search: {", "search: {seeds: 9, ")
                .replace("timeout: 30s", "plan-command: [plan]"));

        ExperimentSettings after = identity();

        assertThat(after.hash()).isNotEqualTo(before.hash()).hasSize(64);
        assertThat(before.differencesTo(after))
                .extracting(Object::toString)
                .containsExactly(
                        "agent.plan-command: unset → [\"plan\"]",
                        "objective.direction: \"maximize\" → \"minimize\"",
                        "search.seed: 1 → 2",
                        "search.seeds: 4 → 9");
    }

    @Test
    void stored_settings_are_equal_to_those_they_were_stored_from() throws IOException {
        write(PROJECT);

        assertThat(ExperimentSettings.stored(identity().snapshot())).isEqualTo(identity());
        assertThat(identity().differencesTo(identity())).isEmpty();
    }

    private ExperimentSettings identity() {
        return ExperimentSettings.of(load(folder).settings(), load(folder).prompts(), EvaluatorFiles.NONE, ROOT, "");
    }

    private Path write(String content) throws IOException {
        return Files.writeString(folder.resolve("loreley.yaml"), content);
    }

    private static Project load(Path place) {
        return Project.load(place, Map.<String, Source>of(), Map.of());
    }
}
