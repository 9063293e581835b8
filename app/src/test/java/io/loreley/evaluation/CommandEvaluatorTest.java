package io.loreley.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.loreley.contract.HostileProgram;
import io.loreley.contract.Leftovers;
import io.loreley.contract.Role;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Json;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Objective;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class CommandEvaluatorTest {

    private static final Candidate CANDIDATE =
            new Candidate(new CommitHash("c".repeat(40)), new CommitHash("b".repeat(40)), "6f1c", "Be fast", -7);

    private final ProcessRunner runner = new ProcessRunner();
    private final Leftovers leftovers = Leftovers.watched();

    @TempDir
    Path folder;

    private Path checkout;
    private Path scratch;

    @BeforeEach
    void folders() throws IOException {
        checkout = Files.createDirectory(folder.resolve("checkout"));
        scratch = Files.createDirectory(folder.resolve("scratch"));
    }

    @AfterEach
    void nothing_is_left() throws IOException {
        runner.close();
        leftovers.assertNone();
    }

    @Test
    void a_result_file_wins_over_what_was_printed() throws Exception {
        Evaluation evaluation = evaluate("""
                echo '{"metrics": {"score": 1}}'
                echo '{"summary": "two", "metrics": {"score": 2}, "logs": ["a", "b"]}' > "$LORELEY_RESULT"
                """);

        assertThat(evaluation)
                .isEqualTo(new Evaluation(
                        "two",
                        List.of(new Measurement("score", 2, null, Direction.MAXIMIZE, Map.of())),
                        List.of("a", "b")));
        assertThat(scratch.resolve("evaluation.json")).content().contains("\"two\"");
        assertThat(scratch.resolve("evaluation_logs.txt")).hasContent("a\nb");
        assertThat(scratch.resolve("stdout.log")).content().contains("\"score\": 1");
        assertThat(scratch.resolve("stderr.log")).isEmptyFile();
    }

    @Test
    void the_last_line_printed_is_the_result_if_there_is_no_file() throws Exception {
        Evaluation evaluation = evaluate(
                "yes 'a line of noise' | head -c 3000000; printf '\\n{\"metrics\": {\"score\": 3}}\\n\\n \\n'");

        assertThat(evaluation.metrics().getFirst().value()).isEqualTo(3);
        assertThat(scratch.resolve("evaluation.json")).hasContent("{\"metrics\": {\"score\": 3}}");
    }

    @Test
    void a_program_that_this_machine_cannot_start_is_no_fault_of_the_candidate() {
        Path script = folder.resolve("no-such-script.sh");
        for (String program : List.of("no-such-program", script.toString(), "../no-such-script.sh")) {
            assertThatThrownBy(() -> evaluator(List.of(program), 60).evaluate(CANDIDATE, commit -> checkout, scratch))
                    .hasFieldOrPropertyWithValue("kind", FailureKind.CONFIGURATION)
                    .hasMessageStartingWith("The evaluator could not be started")
                    .hasMessageContaining(program);
        }
    }

    @Test
    void a_program_that_the_candidate_should_bring_is() {
        for (String program :
                List.of("./evaluate.sh", checkout.resolve("bin/evaluate").toString())) {
            assertThatThrownBy(() -> evaluator(List.of(program), 60).evaluate(CANDIDATE, commit -> checkout, scratch))
                    .hasFieldOrPropertyWithValue("kind", FailureKind.EVALUATOR_CRASH);
        }
    }

    @Test
    void a_last_line_that_is_too_long_is_not_read() throws Exception {
        LoreleyException failure = failure("head -c 2000000 /dev/zero | tr '\\0' x", 60);

        assertThat(failure.kind()).isEqualTo(FailureKind.EVALUATOR_OUTPUT);
        assertThat(failure).hasMessageContaining("a last line of more than 1,048,576 bytes");
    }

    @Test
    void a_last_line_that_is_no_result_says_why_and_is_kept() throws Exception {
        LoreleyException failure = failure("echo 'score: 12'; echo 'a warning' >&2", 60);

        assertThat(failure.kind()).isEqualTo(FailureKind.EVALUATOR_OUTPUT);
        assertThat(failure).hasMessageContainingAll("is not JSON", "a warning");
        assertThat(scratch.resolve("stdout.log")).hasContent("score: 12");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "\"much\""})
    void a_private_metric_is_not_told_where_a_printed_result_cannot_be_used(String score) throws Exception {
        LoreleyException failure = failure("""
                echo '{"metrics": [{"name": "hidden", "value": 12.5, "private": true}, {"name": "score", "value": %s}]}'
                """.formatted(score), 60);

        assertThat(failure.kind()).isEqualTo(FailureKind.EVALUATOR_OUTPUT);
        assertThat(failure.getMessage()).doesNotContain("12.5");
    }

    @Test
    void nor_is_one_that_is_no_number() throws Exception {
        LoreleyException failure = failure(
                "echo '{\"metrics\": [{\"name\": \"hidden\", \"value\": \"12.5\", \"private\": true}]}' > \"$LORELEY_RESULT\"",
                60);

        assertThat(failure).hasMessageContaining("hidden");
        assertThat(failure.getMessage()).doesNotContain("12.5");
    }

    @Test
    void the_program_runs_in_the_checkout_and_reads_its_candidate() throws Exception {
        evaluate("pwd > folder; cp \"$LORELEY_REQUEST\" seen; cat > input; echo '{\"metrics\": {\"score\": 3}}'");

        assertThat(checkout.resolve("folder")).hasContent(checkout.toRealPath().toString());
        assertThat(checkout.resolve("input")).isEmptyFile();
        JsonNode json = Json.parse(Files.readAllBytes(checkout.resolve("seen")));
        assertThat(json.propertyNames())
                .containsExactly("commit", "base", "job", "goal", "seed", "time_limit_seconds", "stage");
        assertThat(json.get("commit").stringValue()).isEqualTo("c".repeat(40));
        assertThat(json.get("seed").longValue()).isEqualTo(-7);
    }

    @Test
    void a_number_that_is_none_names_its_metric() throws Exception {
        LoreleyException failure = failure("echo '{\"metrics\": {\"score\": 1, \"speed\": NaN}}'", 60);

        assertThat(failure.kind()).isEqualTo(FailureKind.EVALUATOR_OUTPUT);
        assertThat(failure).hasMessageContaining("metric 'speed' is NaN");
    }

    @Test
    void without_a_summary_the_objective_is_the_summary() throws Exception {
        assertThat(evaluate("echo '{\"metrics\": {\"score\": 3}}'").summary()).isEqualTo("score = 3.0");
    }

    @Test
    void a_direction_that_contradicts_the_objectives_is_refused() throws Exception {
        LoreleyException failure =
                failure("echo '{\"metrics\": [{\"name\": \"score\", \"value\": 3, \"direction\": \"minimize\"}]}'", 60);

        assertThat(failure.kind()).isEqualTo(FailureKind.EVALUATOR_OUTPUT);
        assertThat(failure).hasMessageContaining("MINIMIZE of the objective 'score'");
    }

    @Test
    void a_result_without_the_objective_has_its_own_kind() throws Exception {
        assertThat(failure("echo '{\"metrics\": {\"speed\": 1}}'", 60).kind()).isEqualTo(FailureKind.OBJECTIVE_MISSING);
    }

    @ParameterizedTest
    @EnumSource
    void what_goes_wrong_is_a_failure_that_names_its_cause(HostileProgram program) throws Exception {
        LoreleyException failure = failure(program.script(), program.seconds());

        assertThat(failure.kind()).isEqualTo(program.kindFor(Role.EVALUATOR));
        assertThat(failure).hasMessageStartingWith("The evaluator ").hasMessageContaining(program.message());
        leftovers.assertNone();
    }

    @Test
    void an_interrupt_ends_the_evaluator_and_all_its_children() throws Exception {
        Evaluator evaluator = evaluator("sleep 300 & touch started; wait", 60);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread job = Thread.ofVirtual().start(() -> {
            try {
                evaluator.evaluate(CANDIDATE, commit -> checkout, scratch);
            } catch (InterruptedException | LoreleyException e) {
                thrown.set(e);
            }
        });
        while (!Files.exists(checkout.resolve("started"))) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }

        job.interrupt();
        job.join();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    private Evaluation evaluate(String script) throws IOException, InterruptedException {
        return evaluator(script, 60).evaluate(CANDIDATE, commit -> checkout, scratch);
    }

    private LoreleyException failure(String script, int seconds) throws IOException {
        Evaluator evaluator = evaluator(script, seconds);
        return catchThrowableOfType(
                LoreleyException.class, () -> evaluator.evaluate(CANDIDATE, commit -> checkout, scratch));
    }

    private Evaluator evaluator(String script, int seconds) throws IOException {
        Files.writeString(folder.resolve("evaluate.sh"), script);
        return evaluator(List.of("/bin/sh", "${project}/evaluate.sh"), seconds);
    }

    private Evaluator evaluator(List<String> command, int seconds) {
        EvaluatorSettings settings =
                new EvaluatorSettings(command, Duration.ofSeconds(seconds), 64, List.of(Leftovers.VARIABLE));
        Ground ground = Ground.pinned(settings, folder, EvaluatorFiles.NONE, folder.resolve("pinned"));
        return new Evaluators(
                        ground, leftovers.environment(), runner, folder.resolve("adapters"), new MachineSlots(folder))
                .of(settings, new Objective("score", Direction.MAXIMIZE));
    }
}
