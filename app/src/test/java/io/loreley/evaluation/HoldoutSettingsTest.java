package io.loreley.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.FailureKind;
import io.loreley.domain.Requirement;
import io.loreley.process.Isolation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HoldoutSettingsTest {

    private static final ContainmentSettings SMALL_FILES =
            new ContainmentSettings(Isolation.Kind.NAMESPACE, true, false, 500, null, 100, 1);

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
    void a_holdout_stands_on_the_ground_of_the_evaluator() throws Exception {
        bench.project("tests/check.sh", "echo '{\"metrics\": {\"accuracy\": 1}}'\n")
                .checkout("tests/check.sh", "echo '{\"metrics\": {\"accuracy\": 100}}'\n");

        assertThat(bench.evaluate(settings("sh", "tests/check.sh"), holdout().objective())
                        .value("accuracy"))
                .isEqualTo(1);
    }

    @Test
    void a_holdout_is_contained_as_the_evaluator_is() throws Exception {
        bench.project("tests/check.sh", "");
        EvaluatorSettings settings =
                settings("sh", "-ec", "head -c 4000000 /dev/zero > large; echo '{\"metrics\": {\"accuracy\": 1}}'");

        assertThat(bench.failure(settings, holdout().objective()).kind()).isEqualTo(FailureKind.EVALUATOR_CRASH);
        assertThat(settings.containment()).isEqualTo(SMALL_FILES);
    }

    @Test
    void a_holdout_measures_once_and_alone_where_the_evaluator_does() throws Exception {
        NoiseSettings noise = settings("true").noise();

        assertThat(noise).isEqualTo(new NoiseSettings(1, NoiseSettings.Statistic.MEAN, 0.5, 0, true, false));
    }

    private static EvaluatorSettings settings(String... command) {
        EvaluatorSettings main = Workbench.Plan.of(EvaluatorKind.COMMAND, "true")
                .on(new GroundSettings(List.of(), List.of("tests"), List.of()))
                .under(new NoiseSettings(3, NoiseSettings.Statistic.MEDIAN, 0.9, 0.1, true, true))
                .contained(SMALL_FILES)
                .settings();
        return holdout(command).evaluator(main);
    }

    private static HoldoutSettings holdout(String... command) {
        return new HoldoutSettings(
                command.length == 0 ? List.of("true") : List.of(command),
                Duration.ofSeconds(30),
                List.of(Requirement.parse("accuracy >= 0.9")));
    }
}
