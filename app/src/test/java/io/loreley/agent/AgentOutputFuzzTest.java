package io.loreley.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.agent.ReportFormat.Reading;
import io.loreley.agent.cli.CliTask;
import io.loreley.agent.cli.EventStream;
import io.loreley.agent.cli.Verdict;
import io.loreley.contract.MutatedText;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever an agent prints ends in a value or in a failure with a kind, never in another exception. Seeded. */
class AgentOutputFuzzTest {

    private static final int STREAMS = 1_400; // of each of five agents
    private static final int REPORTS = 1_500; // of each of two kinds

    private static final String PLAN = """
            Here is the plan:
            ```json
            {"plan_summary": "Unroll.", "rationale": "Fewer jumps.", "focus_metrics": ["time"], "guardrails": [],
             "risks": ["none"], "validation": [], "handoff_notes": [], "fallback_plan": null,
             "steps": [{"id": "s1", "title": "Unroll", "intent": "speed", "actions": ["edit"], "files": [],
               "dependencies": [], "validation": [], "risks": [], "references": []}]}
            ```
            """;

    @ParameterizedTest
    @EnumSource
    void a_damaged_stream_has_a_verdict(StandIn cli) {
        String good = printed(cli.start() + cli.answer(CodingAgentContractTest.REPORT));
        String bad = printed(cli.start() + cli.unavailable());
        CliTask task = new CliTask(
                true,
                "",
                null,
                Path.of("/tree"),
                Path.of("/home"),
                new CliTask.Options(null, "m/1", List.of(), null, null, 1.0));
        int[] answered = new int[1];

        Stream.concat(MutatedText.of(good, STREAMS / 2), MutatedText.of(bad, STREAMS / 2))
                .forEach(damaged -> {
                    EventStream events = cli.kind.cli().orElseThrow().events(task);
                    for (String line : new String(damaged, UTF_8).split("\n", -1)) {
                        events.line(line.getBytes(UTF_8));
                    }
                    events.end();
                    assertThat(events.spent())
                            .allSatisfy(usage -> assertThat(usage.inputTokens()).isNotNegative());
                    for (int exit : new int[] {0, 1, 137, 145}) {
                        switch (events.verdict(exit, new String(damaged, UTF_8))) {
                            case Verdict.Answered(String text) -> {
                                answered[0]++;
                                read(CodeReport.FORMAT, text);
                            }
                            case Verdict.Failed failed ->
                                assertThat(failed.kind().name()).startsWith("AGENT_");
                        }
                    }
                });

        assertThat(answered[0]).as("not all were beyond reading").isPositive();
    }

    /** What a stand-in's script prints. */
    private static String printed(String script) {
        return script.replaceAll("(?m)^(cat <<'EVENTS'|EVENTS|exit \\d+)\n", "");
    }

    @Test
    void a_damaged_plan_is_a_report_or_is_said_to_be_none() {
        int[] read = new int[1];
        MutatedText.of(PLAN, REPORTS).forEach(damaged -> read[0] += read(PlanReport.FORMAT, text(damaged)));

        assertThat(read[0]).isBetween(1, REPORTS - 1);
    }

    @Test
    void a_damaged_report_is_a_report_or_is_said_to_be_none() {
        int[] read = new int[1];
        MutatedText.of(CodingAgentContractTest.REPORT, REPORTS)
                .forEach(damaged -> read[0] += read(CodeReport.FORMAT, text(damaged)));

        assertThat(read[0]).isBetween(1, REPORTS - 1);
    }

    private static String text(byte[] damaged) {
        return new String(damaged, UTF_8);
    }

    /** @return 1 if it could be read as it is */
    private static <R extends Record> int read(ReportFormat<R> format, String text) {
        Reading<R> reading = format.read(text, false);
        if (reading instanceof Reading.Unfit<R>(String why)) {
            assertThat(why).isNotBlank();
        }
        if (format.salvage(text) instanceof Reading.Read<R>(R report)) {
            assertThat(format.of(format.values(report))).isEqualTo(report);
        }
        return reading instanceof Reading.Read<R> ? 1 : 0;
    }
}
