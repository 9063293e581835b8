package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.Direction;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
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
        assertImproves(EXAMPLES.resolve("sorting"), 8, 24, "operations", Direction.MINIMIZE);
    }

    @Test
    void random_edits_improve_a_packing() throws Exception {
        Path example = EXAMPLES.resolve("circle-packing");
        // Room for many a circle to grow: between those of the example, hardly one edit in a hundred finds any.
        String circles = Files.readString(example.resolve("packing/packing.txt"));
        Files.writeString(
                Files.createDirectory(folder.resolve("circles")).resolve("packing.txt"),
                circles.replace(" 0.083", " 0.05"));
        Files.writeString(folder.resolve("loreley.yaml"), """
                name: packing
                goal: Pack.
                repository: circles
                import: true
                agent: {kind: mutation}
                evaluator:
                  command: ["${java}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", "%1$s/target/circle-packing.jar",
                            "io.loreley.examples.packing.Evaluate"]
                  timeout: 20s
                objective: {metric: sum_radii, direction: maximize}
                search: {seed: 1}
                """.formatted(example));

        assertImproves(folder, 12, 60, "sum_radii", Direction.MAXIMIZE);
    }

    /** Random edits need luck; the same experiment goes on, in ever longer runs, until they had it or so many jobs ended. */
    private void assertImproves(Path project, int first, int most, String metric, Direction direction)
            throws Exception {
        JsonNode report = run(project, first);
        for (int jobs = 2 * first; jobs < 2 * most && !isBetter(report, metric, direction); jobs *= 2) {
            report = run(project, Math.min(jobs, most));
        }

        assertThat(isBetter(report, metric, direction))
                .as("the best is better than the root in %s", report)
                .isTrue();
    }

    private static boolean isBetter(JsonNode report, String metric, Direction direction) {
        return direction.oriented(value(report, "best_metrics", metric))
                > direction.oriented(value(report, "root_metrics", metric));
    }

    private JsonNode run(Path project, int jobs) throws IOException, InterruptedException {
        Process run = LoreleyProcess.of(
                        folder.resolve("home"),
                        "run",
                        project.toString(),
                        "--jobs",
                        Integer.toString(jobs),
                        "--for",
                        "3m",
                        "--json")
                .start();
        String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(run.waitFor()).as(output).isZero();
        List<String> lines = output.lines()
                .filter(line -> line.contains("\"event\":\"finished\""))
                .toList();
        assertThat(lines).as(output).hasSize(1);
        return Json.parse(lines.getFirst().getBytes(StandardCharsets.UTF_8));
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
