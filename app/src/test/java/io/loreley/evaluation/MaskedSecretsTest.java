package io.loreley.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.loreley.domain.LoreleyException;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An evaluator that was handed a secret and tells it everywhere. */
@Timeout(60)
class MaskedSecretsTest {

    private static final String SECRET = "b7Qx-plain-words-44";
    private static final String TELLS_ALL =
            "set -x; echo $MY_API_KEY; echo $MY_API_KEY >&2; touch mine; ln -s $PWD/mine \"$(dirname $LORELEY_REQUEST)/stdout.log.masked\"; "
                    + "echo \"{\\\"summary\\\": \\\"$MY_API_KEY\\\", \\\"feedback\\\": \\\"$MY_API_KEY\\\", \\\"logs\\\": [\\\"$MY_API_KEY\\\"], "
                    + "\\\"metrics\\\": {\\\"score\\\": 1}}\" > \"$LORELEY_RESULT\"; ";

    @TempDir
    Path folder;

    @Test
    void nothing_that_is_kept_of_an_evaluation_holds_it() throws Exception {
        try (ProcessRunner runner = new ProcessRunner()) {
            Evaluation evaluation = evaluate(runner, TELLS_ALL);

            assertThat(evaluation.toString()).contains("score", "***").doesNotContain(SECRET);
            assertThat(evaluation.feedback()).contains("echo ***");
            assertNothingKeptHoldsIt();
            assertThat(folder.resolve("checkout/mine")).isEmptyFile();
        }
    }

    /** Of a result the file is masked before it is read, so that what JSON escapes must be known in that form. */
    @Test
    void nor_do_details_of_a_metric_where_json_writes_it_otherwise() throws Exception {
        String secret = "k3y-\"quoted\\slashed-\u00fc";
        String json = "k3y-\\\"quoted\\\\slashed-\\u00fc";
        try (ProcessRunner runner = new ProcessRunner()) {
            Evaluation evaluation = evaluate(
                    runner,
                    "printf '%s' '{\"metrics\": [{\"name\": \"score\", \"value\": 1, \"details\": {\"seen\": \"" + json
                            + "\"}}]}' > \"$LORELEY_RESULT\"",
                    secret);

            assertThat(evaluation.toString()).contains("seen=***").doesNotContain("quoted");
        }
    }

    @Test
    void nor_does_the_message_of_a_failure() throws Exception {
        try (ProcessRunner runner = new ProcessRunner()) {
            LoreleyException failure =
                    catchThrowableOfType(LoreleyException.class, () -> evaluate(runner, TELLS_ALL + "exit 3"));

            assertThat(failure).hasMessageContaining("exit code 3").hasMessageContaining("***");
            assertThat(failure.getMessage()).doesNotContain(SECRET);
            assertNothingKeptHoldsIt();
        }
    }

    private void assertNothingKeptHoldsIt() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("scratch"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .extracting(file -> file.getFileName().toString())
                    .contains("stdout.log", "stderr.log", "evaluation.json");
        }
        try (Stream<Path> files = Files.walk(folder.resolve("scratch"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .doesNotContain(SECRET));
        }
    }

    private Evaluation evaluate(ProcessRunner runner, String script) throws IOException, InterruptedException {
        return evaluate(runner, script, SECRET);
    }

    private Evaluation evaluate(ProcessRunner runner, String script, String secret)
            throws IOException, InterruptedException {
        EvaluatorSettings settings =
                new EvaluatorSettings(List.of("sh", "-c", script), Duration.ofSeconds(30), 64, List.of("MY_API_KEY"));
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("MY_API_KEY", secret);
        Ground ground = Ground.pinned(settings, folder, EvaluatorFiles.NONE, folder.resolve("pinned"));
        Path checkout = Files.createDirectories(folder.resolve("checkout"));
        return new Evaluators(ground, environment, runner, folder.resolve("adapters"), new MachineSlots(folder))
                .of(settings, Workbench.maximize("score"))
                .evaluate(Workbench.CANDIDATE, commit -> checkout, Files.createDirectories(folder.resolve("scratch")));
    }
}
