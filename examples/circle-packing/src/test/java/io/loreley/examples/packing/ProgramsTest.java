package io.loreley.examples.packing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Agent and evaluator as processes in a real repository.
class ProgramsTest {

    @TempDir
    Path folder;

    private Path workTree;
    private Path request;
    private Path result;
    private String start;

    @BeforeEach
    void a_repository_with_the_start() throws IOException, InterruptedException {
        workTree = Files.createDirectory(folder.resolve("tree"));
        request = folder.resolve("request.json");
        result = folder.resolve("result.json");
        Files.copy(Path.of("packing", Packing.FILE), workTree.resolve(Packing.FILE));
        Programs.git(workTree, "init", "--quiet");
        Programs.git(workTree, "add", ".");
        Programs.git(workTree, "commit", "--quiet", "-m", "Start");
        start = Programs.git(workTree, "rev-parse", "HEAD");
    }

    @Test
    void the_agent_improves_the_start_and_the_evaluator_agrees() throws IOException, InterruptedException {
        write(List.of(start, "0".repeat(40)));

        Programs.Ended packed = Programs.pack(workTree, request, result, "0.5s");
        Json.Obj report = (Json.Obj) Json.parse(Files.readString(result));
        Programs.Ended evaluated = Programs.evaluate(workTree, result);

        assertThat(packed)
                .isEqualTo(new Programs.Ended(
                        0, "Pack: no packing in inspiration " + "0".repeat(40) + ", going on without it\n"));
        assertThat(report.at("summary").text()).contains("2.158000000 → 2.");
        assertThat(report.at("commit_message").text()).startsWith("\"Pack 26 circles to 2.");
        assertThat(evaluated).isEqualTo(new Programs.Ended(0, ""));
        assertThat(Packing.read(workTree.resolve(Packing.FILE)).sumOfRadii()).isGreaterThan(new BigDecimal("2.4"));
    }

    @Test
    void the_evaluator_reports_its_metrics() throws IOException, InterruptedException {
        Programs.evaluate(workTree, result);

        assertThat(Files.readString(result))
                .startsWith("{\"summary\": \"26 circles, sum of radii 2.158000000\"")
                .contains("{\"name\": \"sum_radii\", \"value\": 2.158, \"unit\": \"radius_sum\"")
                .contains("packing_density", "num_circles", "min_radius", "radius_spread");
    }

    @Test
    void an_invalid_packing_fails_the_evaluator_with_its_reason() throws IOException, InterruptedException {
        Files.writeString(workTree.resolve(Packing.FILE), "0.5 0.5 0.6\n");

        Programs.Ended evaluated = Programs.evaluate(workTree, result);

        assertThat(evaluated.exitCode()).isEqualTo(1);
        assertThat(evaluated.output()).startsWith("Invalid packing: expected 26 circles, found 1; circle 1 crosses");
        assertThat(result).doesNotExist();
    }

    @Test
    void a_missing_packing_fails_both_programs_with_its_name() throws IOException, InterruptedException {
        Files.delete(workTree.resolve(Packing.FILE));
        write(List.of());

        assertThat(Programs.evaluate(workTree, result).output()).contains("cannot read packing.txt");
        Programs.Ended packed = Programs.pack(workTree, request, result, "0.1s");
        assertThat(packed.exitCode()).isEqualTo(1);
        assertThat(packed.output()).contains("packing.txt");
    }

    @Test
    void a_wrong_argument_is_answered_with_the_usage() throws IOException, InterruptedException {
        write(List.of());

        Programs.Ended packed = Programs.pack(workTree, request, result, "soon");

        assertThat(packed.exitCode()).isEqualTo(2);
        assertThat(packed.output()).startsWith("usage: Pack [--polish 2s]");
    }

    @Test
    void the_polish_time_has_a_default_and_parts_of_seconds() {
        assertThat(Pack.polishTime(List.of())).contains(Duration.ofSeconds(2));
        assertThat(Pack.polishTime(List.of("--polish", "1.5s"))).contains(Duration.ofMillis(1500));
        assertThat(Pack.polishTime(List.of("--polish"))).isEmpty();
        assertThat(Pack.polishTime(List.of("--polish", "2"))).isEmpty();
    }

    private void write(List<String> inspirations) throws IOException {
        List<Json> listed = inspirations.stream()
                .<Json>map(commit -> Json.object().with("commit", commit))
                .toList();
        Json.Obj json = Json.object()
                .with("stage", "code")
                .with("seed", 1)
                .with("time_limit_seconds", 30)
                .with("inspirations", new Json.Arr(listed));
        Files.writeString(request, json.text());
    }
}
