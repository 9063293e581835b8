package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loreley.cli.display.Display;
import io.loreley.cli.display.EndReport;
import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.JobKind;
import io.loreley.domain.RunEvent;
import io.loreley.process.Isolation;
import io.loreley.store.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whole runs that ask of evaluation what it promises. The agent sets the value to ten times the number of its call. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class EvaluationRunIT {

    private static final String COUNTS = """
            #!/bin/sh
            count="$(dirname "$0")/count"
            n=$(($(cat "$count" 2>/dev/null || echo 0) + 1))
            echo "$n" > "$count"
            echo $((n * 10)) > value.txt
            echo '{"summary": "set the value"}' > "$LORELEY_RESULT"
            """;

    /** Agrees with values below 25. */
    private static final String HOLDOUT = """
            #!/bin/sh
            while [ -e "$LORELEY_PROJECT/hang" ]; do sleep 0.1; done
            echo run >> "$LORELEY_PROJECT/judged"
            read -r value < value.txt
            [ "$value" -lt 25 ] && accuracy=1 || accuracy=0
            echo "{\\"metrics\\": {\\"hidden_accuracy\\": $accuracy}}" > "$LORELEY_RESULT"
            """;

    @RegisterExtension
    private final TestDatabase postgres = new TestDatabase();

    @TempDir
    private Path folder;

    private SampleProject sample;
    private final Watcher watcher = new Watcher();

    @BeforeEach
    void project() throws Exception {
        sample = new SampleProject(folder, postgres.url());
        sample.commit("1", "main");
        sample.program("agent.sh", COUNTS);
        sample.program("secret-check.sh", HOLDOUT);
    }

    @Test
    void a_best_that_fails_the_holdout_is_flagged_and_the_best_that_passes_is_published() throws Exception {
        withHoldout();

        EndReport report = run(4);

        assertThat(sample.git("show", "loreley/best/sample:value.txt")).isEqualTo("20");
        ExperimentStatus.Holdout holdout =
                Objects.requireNonNull(report.status().holdout());
        assertThat(Objects.requireNonNull(holdout.passed()).value()).isEqualTo(20);
        assertThat(holdout.failed()).hasSize(2);
        assertThat(holdout.waiting()).isFalse();
        assertThat(report.problem()).contains("is the best that passes");
        assertThat(Objects.requireNonNull(report.status().best()).value()).isEqualTo(40);
        assertThat(sample.texts("""
                SELECT m.value || ' ' || c.holdout_reason FROM commit_cards c JOIN metrics m ON m.commit_card_id = c.id
                WHERE c.holdout = 'FAILED' ORDER BY m.value"""))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("30 ").contains("hidden_accuracy is 0.0"),
                        second -> assertThat(second).startsWith("40 "));
        assertThat(sample.texts("""
                SELECT count(*) > 0 FROM evolution_jobs WHERE kind = 'HOLDOUT'
                AND completed_at < (SELECT max(started_at) FROM evolution_jobs WHERE kind = 'SEED')"""))
                .as("a best is judged while the search goes on")
                .containsExactly("t");
        assertThat(Files.readAllLines(sample.folder.resolve("judged")))
                .as("each is judged once")
                .hasSameSizeAs(sample.texts("SELECT id FROM evolution_jobs WHERE kind = 'HOLDOUT'"))
                .hasSameSizeAs(watcher.events(RunEvent.HeldOut.class))
                .hasSameSizeAs(sample.texts("SELECT id FROM commit_cards WHERE holdout IS NOT NULL"));
        assertThat(files("/code/"))
                .as("what agents were told, said and left")
                .isNotEmpty()
                .noneMatch(file ->
                        text(file).contains("hidden_accuracy") || text(file).contains("secret-check"));
    }

    @Test
    void agents_and_candidates_find_nothing_where_the_holdout_lies() throws Exception {
        assumeTrue(
                Isolation.NAMESPACE.hiding(List.of(folder)).shortfall().isEmpty(),
                "bubblewrap is not installed or not allowed here: a hold-out is not hidden");
        String look = """
                cat '%1$s/secret-check.sh' '%2$s'/evaluators/*/secret-check.sh >> '%1$s/found' 2>/dev/null
                echo looked >> '%1$s/found'
                """.formatted(sample.folder, sample.home);
        sample.program("agent.sh", COUNTS + look + "cat > look.sh <<'END'\n" + look + "END\n");
        sample.program("evaluate.sh", """
                #!/bin/sh
                read -r value < value.txt
                [ -e look.sh ] && sh look.sh
                echo "{\\"metrics\\": {\\"value\\": $value}}" > "$LORELEY_RESULT"
                """);
        withHoldout();

        EndReport report = run(1);

        assertThat(sample.folder.resolve("found")).hasContent("looked\nlooked");
        assertThat(Objects.requireNonNull(report.status().holdout()).passed()).isNotNull();
    }

    @Test
    void a_holdout_that_was_stopped_goes_on_with_the_next_run() throws Exception {
        withHoldout();
        Path hang = Files.createFile(sample.folder.resolve("hang"));
        GracefulStop stop = new GracefulStop(() -> {});
        watcher.when(event -> event instanceof RunEvent.JobStarted job && job.kind() == JobKind.HOLDOUT, stop::request);
        EndReport stopped = sample.run(1, ExperimentChoice.ASK, 1, watcher, stop);
        assertThat(stopped.branch()).isNull();
        assertThat(stopped.problem()).contains("has not measured the best commit");
        Files.delete(hang);

        EndReport second = run(1);

        assertThat(second.problem()).isNull();
        assertThat(sample.git("show", "loreley/best/sample:value.txt")).isEqualTo("10");
        assertThat(
                        sample.texts(
                                "SELECT status || ' ' || attempt FROM evolution_jobs WHERE kind = 'HOLDOUT' ORDER BY scheduled_at"))
                .contains("SUCCEEDED 2");
    }

    private void withHoldout() throws IOException {
        sample.settings("""
                goal: A larger value.
                agent: {command: ["${project}/agent.sh"], timeout: 10s}
                evaluator:
                  command: ["${project}/evaluate.sh"]
                  holdout: {command: ["${project}/secret-check.sh"], require: ["hidden_accuracy == 1"]}
                objective: {metric: value, direction: maximize}
                """);
    }

    @Test
    void stages_gates_constraints_pairs_and_secrets_hold_in_one_search() throws Exception {
        sample.program("smoke.sh", """
                #!/bin/sh
                read -r value < value.txt
                echo "{\\"metrics\\": {\\"rest\\": $((value % 3))}}" > "$LORELEY_RESULT"
                """);
        sample.program("full.sh", """
                #!/bin/sh
                read -r value < value.txt
                echo run >> "$LORELEY_PROJECT/measured"
                cat > "$LORELEY_RESULT" <<END
                {"feedback": "advice on $value", "metrics": [
                  {"name": "value", "value": $value, "higher_is_better": true},
                  {"name": "size", "value": $((value * 2)), "higher_is_better": false},
                  {"name": "latency", "value": $value, "higher_is_better": false},
                  {"name": "hidden_margin", "value": 471147114711, "private": true}]}
                END
                """);
        sample.settings("""
                goal: A larger value.
                agent: {command: ["${project}/agent.sh"], timeout: 10s}
                evaluator:
                  stages:
                    - {name: smoke, command: ["${project}/smoke.sh"], gate: rest > 0}
                    - {name: full, command: ["${project}/full.sh"]}
                  noise: {paired: true}
                objective:
                  metric: value
                  also: [{metric: size, direction: minimize}]
                  require: ["latency <= 50"]
                """);

        run(8);

        assertThat(sample.texts("""
                SELECT coalesce(m.value::text, '-') || ' ' || verdict FROM commit_cards c
                LEFT JOIN metrics m ON m.commit_card_id = c.id AND m.name = 'value' ORDER BY c.created_at"""))
                .as("30 and 60 stop at the gate, 70 and 80 are measured and may not compete")
                .containsExactly(
                        "1 ACCEPTED",
                        "10 ACCEPTED",
                        "20 ACCEPTED",
                        "- GATE_FAILED",
                        "40 ACCEPTED",
                        "50 ACCEPTED",
                        "- GATE_FAILED",
                        "70 CONSTRAINT_VIOLATED",
                        "80 CONSTRAINT_VIOLATED");
        assertThat(sample.texts("""
                SELECT c.id FROM map_elites_archive_cells a JOIN commit_cards c USING (experiment_id, commit_hash)
                WHERE c.verdict <> 'ACCEPTED'""")).isEmpty();
        assertThat(sample.texts("""
                SELECT m.value = card_value.value - (m.details ->> 'base')::float8
                    AND base_value.value = (m.details ->> 'base')::float8
                FROM metrics m JOIN commit_cards c ON c.id = m.commit_card_id
                JOIN metrics card_value ON card_value.commit_card_id = c.id AND card_value.name = 'value'
                JOIN commit_cards base ON base.experiment_id = c.experiment_id AND base.commit_hash = c.parent_commit_hash
                JOIN metrics base_value ON base_value.commit_card_id = base.id AND base_value.name = 'value'
                WHERE m.name = 'value_vs_base'"""))
                .as("each candidate that may compete beside its base")
                .containsExactly("t", "t", "t", "t");
        assertThat(Files.readAllLines(sample.folder.resolve("measured")))
                .as("the root, six that passed the gate, and four bases beside them")
                .hasSize(11);
        List<Path> prompts = files("/code/prompt.txt");
        assertThat(prompts).hasSize(8).allMatch(prompt -> text(prompt).contains("advice on "));
        assertThat(files("/code/"))
                .noneMatch(file ->
                        text(file).contains("hidden_margin") || text(file).contains("471147114711"));
        assertThat(sample.texts("SELECT DISTINCT name FROM metrics WHERE is_private"))
                .containsExactly("hidden_margin");
        assertThat(loreley("pareto"))
                .filteredOn(line -> line.contains("value = "))
                .as("none is better in both")
                .hasSize(5)
                .first()
                .asString()
                .contains("value = 50", "size = 100");
    }

    @Test
    void exclusive_evaluations_overlap_with_none_of_the_machine() throws Exception {
        String timed = """
                #!/bin/sh
                start=$(date +%s%N)
                sleep 0.1
                echo "$start $(date +%s%N)" >> "$LORELEY_PROJECT/times"
                read -r value < value.txt
                echo "{\\"metrics\\": {\\"value\\": $value}}" > "$LORELEY_RESULT"
                """;
        SampleProject other = new SampleProject(folder.resolve("other"), postgres.url());
        other.commit("1", "main");
        other.program("agent.sh", COUNTS);
        other.program("evaluate.sh", timed);
        sample.program("evaluate.sh", timed);
        sample.settings("""
                goal: A larger value.
                agent: {command: ["${project}/agent.sh"], timeout: 10s}
                evaluator: {command: ["${project}/evaluate.sh"], noise: {exclusive: true}}
                objective: {metric: value, direction: maximize}
                """);
        Process beside = start(other.folder);
        try {
            Path times = other.folder.resolve("times");
            while (!Files.exists(times) && beside.isAlive()) {
                LockSupport.parkNanos(10_000_000);
            }
            sample.run(6, ExperimentChoice.ASK);
        } finally {
            beside.destroy();
            beside.waitFor(20, TimeUnit.SECONDS);
            beside.destroyForcibly().waitFor();
        }

        List<Span> alone = times(sample.folder);
        List<Span> others = times(other.folder);
        assertThat(alone).hasSize(7);
        assertThat(others)
                .as("the other run evaluates meanwhile, too")
                .anyMatch(span -> span.start > alone.getFirst().end && span.end < alone.getLast().start);
        for (Span span : alone) {
            assertThat(Stream.concat(alone.stream().filter(each -> !each.equals(span)), others.stream()))
                    .allMatch(each -> each.end <= span.start || each.start >= span.end);
        }
    }

    /** An evaluation, from when to when, in nanoseconds. */
    private record Span(long start, long end) {}

    private Process start(Path project) throws IOException {
        ProcessBuilder builder = LoreleyProcess.of(sample.home, "run", project.toString(), "--workers", "2", "--json");
        builder.environment().put("DATABASE_URL", sample.databaseUrl());
        return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static List<Span> times(Path project) throws IOException {
        return Files.readAllLines(project.resolve("times")).stream()
                .map(line -> line.split(" "))
                .map(words -> new Span(Long.parseLong(words[0]), Long.parseLong(words[1])))
                .sorted(Comparator.comparingLong(Span::start))
                .toList();
    }

    /** With one worker, so that jobs follow each other. */
    private EndReport run(int jobs) {
        return sample.run(jobs, ExperimentChoice.ASK, 1, watcher, new GracefulStop(() -> {}));
    }

    private List<String> loreley(String command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Surroundings surroundings = new Surroundings(
                Map.of("LORELEY_HOME", sample.home.toString(), "DATABASE_URL", sample.databaseUrl()),
                stream,
                stream,
                InstantSource.system(),
                Optional::empty);
        int code = Main.execute(
                surroundings,
                new LocalEngine(InstantSource.system(), System.getenv()),
                command,
                sample.folder.toString());
        assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** Artifacts whose path holds this. */
    private List<Path> files(String part) throws IOException {
        try (Stream<Path> all = Files.walk(sample.home.resolve("artifacts"))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains(part))
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Remembers what it was told, and does something at the first event of a kind. */
    private static final class Watcher implements Display {

        private final List<RunEvent> events = new CopyOnWriteArrayList<>();
        private volatile Predicate<RunEvent> trigger = _ -> false;
        private volatile Runnable action = () -> {};

        void when(Predicate<RunEvent> which, Runnable what) {
            trigger = which;
            action = what;
        }

        <T extends RunEvent> List<T> events(Class<T> type) {
            return events.stream().filter(type::isInstance).map(type::cast).toList();
        }

        @Override
        public void on(RunEvent event) {
            events.add(event);
            if (trigger.test(event)) {
                action.run();
            }
        }

        @Override
        public void finish(EndReport report) {}

        @Override
        public void close() {}
    }
}
