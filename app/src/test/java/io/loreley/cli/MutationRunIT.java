package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.Json;
import io.loreley.process.ProcessRunner;
import io.loreley.store.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Runs without a key and without a model: random edits improve what they are given. Seeded and bounded. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class MutationRunIT {

    private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    private final ProcessRunner processes = new ProcessRunner();
    private EmbeddedPostgres server;

    @BeforeEach
    void home() {
        server = new EmbeddedPostgres(folder.resolve("home"), processes);
    }

    @AfterEach
    void stop() {
        server.stop();
        processes.close();
    }

    @Test
    void random_edits_improve_a_sort() throws Exception {
        JsonNode report = run(EXAMPLES.resolve("sorting"), 24);

        assertThat(value(report, "best_metrics", "operations")).isLessThan(value(report, "root_metrics", "operations"));
    }

    @Test
    void random_edits_improve_a_packing() throws Exception {
        Path example = EXAMPLES.resolve("circle-packing");
        Files.writeString(folder.resolve("loreley.yaml"), """
                name: packing
                goal: Pack.
                repository: %1$s/packing
                import: true
                agent: {kind: mutation}
                evaluator:
                  command: ["${java}", "-XX:TieredStopAtLevel=1", "-cp", "%1$s/target/circle-packing.jar",
                            "io.loreley.examples.packing.Evaluate"]
                  timeout: 20s
                objective: {metric: sum_radii, direction: maximize}
                search: {seed: 1}
                """.formatted(example));

        JsonNode report = run(folder, 20);
        // Random edits need luck; the same experiment goes on until they had it.
        for (int jobs = 60; jobs <= 180 && !isBetter(report, "sum_radii"); jobs += 40) {
            report = run(folder, jobs);
        }

        assertThat(value(report, "best_metrics", "sum_radii"))
                .isGreaterThan(value(report, "root_metrics", "sum_radii"));
    }

    private JsonNode run(Path project, int jobs) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.real.class.path", System.getProperty("java.class.path")),
                "io.loreley.cli.Main",
                "run",
                project.toString(),
                "--jobs",
                Integer.toString(jobs),
                "--for",
                "3m",
                "--json");
        builder.environment().put("LORELEY_HOME", folder.resolve("home").toString());
        builder.environment().remove("DATABASE_URL");
        Process run = builder.redirectErrorStream(true).start();
        String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(run.waitFor()).as(output).isZero();
        List<String> lines = output.lines()
                .filter(line -> line.contains("\"event\":\"finished\""))
                .toList();
        assertThat(lines).as(output).hasSize(1);
        return Json.parse(lines.getFirst().getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isBetter(JsonNode report, String name) {
        return value(report, "best_metrics", name) > value(report, "root_metrics", name);
    }

    private static double value(JsonNode report, String list, String name) {
        for (JsonNode metric : report.get(list)) {
            if (metric.get("name").stringValue().equals(name)) {
                return metric.get("value").doubleValue();
            }
        }
        throw new AssertionError("no %s among %s".formatted(name, report.get(list)));
    }
}
