package io.loreley.cli.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.FailureKind;
import io.loreley.domain.JobKind;
import io.loreley.domain.RunEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DisplaysTest {

    private static final List<RunEvent> EVENTS = List.of(
            new RunEvent.Started("packing", "fedcba98-7654", "/repo", "aaaaaaaaaaaa", "embedded PostgreSQL", true, 12),
            new RunEvent.RootEvaluated(Samples.ROOT, 2.12, List.of()),
            new RunEvent.JobStarted(Samples.JOB, JobKind.EVOLVE, 2, Samples.ROOT),
            new RunEvent.StageEntered(Samples.JOB, "evaluate"),
            new RunEvent.JobSucceeded(Samples.JOB, Samples.BEST, 2.5, "Move circles", Duration.ofMillis(1_940)),
            new RunEvent.Placed(Samples.JOB, Samples.BEST, 7, RunEvent.Placed.Outcome.IMPROVED, 2.5),
            new RunEvent.BestImproved(Samples.BEST, 2.5, 2.12),
            new RunEvent.JobFailed(Samples.JOB, FailureKind.AGENT_CRASH, "exit code 3\n\u001b[2Jboom", Duration.ZERO),
            new RunEvent.JobReturned(Samples.JOB, "the run stops"),
            new RunEvent.Stopping("budget used"));

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void without_a_terminal_each_event_is_a_line() {
        show(new LineDisplay(out, InstantSource.fixed(Samples.NOON)));

        assertThat(output().lines().limit(EVENTS.size()))
                .containsExactly(
                        "0:00   start      packing  /repo @ aaaaaaaaaaaa  experiment fedcba98, continued after 12 jobs"
                                + "  embedded PostgreSQL",
                        "0:00   root       aaaaaaaaaaaa  2.12",
                        "0:00   job        01234567  evolve on aaaaaaaaaaaa  attempt 2",
                        "0:00   stage      01234567  evaluate",
                        "0:00   done       01234567  2.5  bbbbbbbbbbbb  Move circles (1.9s)",
                        "0:00   improved   cell 7  bbbbbbbbbbbb  2.5",
                        "0:00   best       2.5  +0.38  bbbbbbbbbbbb",
                        "0:00   failed     01234567  agent crash: exit code 3  [2Jboom (0.0s)",
                        "0:00   returned   01234567  the run stops",
                        "0:00   stopping   budget used");
    }

    @Test
    void the_report_compares_the_best_with_the_root() {
        show(new QuietDisplay(out));

        assertThat(output())
                .contains("2.12132  2.635983  +0.5146627  +24.3 %  radius_sum")
                .contains("  num_circles        –        26")
                .contains("  branch   loreley/best/circle-packing  in /home/ada/my packing")
                .contains("git -C '/home/ada/my packing' diff --stat aaaaaaaaaaaa loreley/best/circle-packing")
                .contains("loreley run examples/circle-packing --seed 5")
                .doesNotContain("\u001b");
    }

    @Test
    void for_programs_each_event_is_a_json_object_and_the_last_is_the_report() {
        show(new JsonDisplay(out, InstantSource.fixed(Samples.NOON)));

        List<JsonNode> lines =
                output().lines().map(JsonMapper.builder().build()::readTree).toList();

        assertThat(lines).hasSize(EVENTS.size() + 1);
        assertThat(lines)
                .extracting(line -> line.get("event").asString())
                .startsWith("started", "root_evaluated", "job_started", "stage_entered", "job_succeeded")
                .endsWith("stopping", "finished");
        assertThat(lines.get(2)).hasToString("""
                {"event":"job_started","at":"2026-11-24T12:00:00Z","job":"01234567-89ab-cdef-0123-456789abcdef",\
                "kind":"evolve","attempt":2,"base":"%s"}""".formatted(Samples.ROOT));
        assertThat(lines.get(4).get("elapsed").asDouble()).isEqualTo(1.94);
        assertThat(lines.getLast().at("/status/failures/evaluator_timeout").asLong())
                .isEqualTo(2);
        assertThat(lines.getLast().at("/status/best/value").asDouble()).isEqualTo(2.63598304);
        assertThat(lines.getLast().at("/status/budget/time_limit").asDouble()).isEqualTo(120);
        assertThat(lines.getLast().at("/best_metrics/2/unit").asString()).isEqualTo("radius_sum");
    }

    @Test
    void a_check_that_failed_tells_its_fix() {
        assertThat(CheckText.lines(Check.failed("git", "git 2.1\nis too old", "install git 2.39"), false))
                .containsExactly(
                        "✗ git        git 2.1", "             is too old", "             fix: install git 2.39");
    }

    private void show(Display display) {
        try (display) {
            EVENTS.forEach(display::on);
            display.show(Samples::status);
            display.finish(Samples.report());
        }
    }

    private String output() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
