package io.loreley.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import io.loreley.contract.Leftovers;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Json;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Usage;
import io.loreley.process.Isolation;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every coding agent has to do and to suffer, shown by programs that speak like it. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class CodingAgentContractTest {

    private static final String KEY = "sk-canary-0123456789abcdef";

    private static final Duration AMPLE = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(600);

    static final String REPORT = Json.parse(Json.write(Map.of(
                            "implementation_summary",
                            "Unrolled the loop.",
                            "commit_message",
                            "Unroll the loop",
                            "step_results",
                            List.of(Map.of(
                                    "step_id",
                                    "s1",
                                    "status",
                                    "completed",
                                    "summary",
                                    "done",
                                    "files",
                                    List.of("loop.c"),
                                    "commands",
                                    List.of())),
                            "tests_executed",
                            List.of(),
                            "tests_recommended",
                            List.of(),
                            "follow_up_items",
                            List.of(),
                            "notes",
                            List.of()))
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .toString();

    private final ProcessRunner runner = new ProcessRunner();
    private final Leftovers leftovers = Leftovers.watched();
    private final List<Usage> spent = new ArrayList<>();
    private SchemaMode mode = SchemaMode.LENIENT;
    private Duration silence = AMPLE;
    private int events = 20_000;
    private double seconds = 60;

    @TempDir
    Path folder;

    private Path workTree;
    private Path scratch;
    private Path state;

    @BeforeEach
    void folders() throws IOException {
        workTree = Files.createDirectory(folder.resolve("tree"));
        scratch = Files.createDirectory(folder.resolve("scratch"));
        state = Files.createDirectory(folder.resolve("state"));
    }

    @AfterEach
    void nothing_is_left() throws IOException {
        runner.close();
        leftovers.assertNone();
        assertThat(folder.resolve("homes").toFile().list()).isNullOrEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void it_changes_the_tree_and_reports(StandIn cli) throws Exception {
        AgentReport report = run(cli, cli.start() + "echo changed > file.txt\n" + cli.answer(REPORT));

        assertThat(report.summary()).isEqualTo("Unrolled the loop.");
        assertThat(report.commitMessage()).isEqualTo("Unroll the loop");
        assertThat(String.valueOf(report.details().get("report"))).contains("step_id=s1", "status=completed");
        assertThat(workTree.resolve("file.txt")).hasContent("changed");
        assertThat(spent).isEqualTo(cli.usage());
        assertThat(scratch.resolve("code/prompt.txt")).content().contains("# Goal", "exactly one JSON object");
        assertThat(scratch.resolve("code/stdout.log")).isNotEmptyFile();
        assertThat(scratch.resolve("code/report.json")).content().contains("Unrolled the loop.");
    }

    @ParameterizedTest
    @EnumSource
    void it_plans_and_the_coder_is_told_the_steps(StandIn cli) throws Exception {
        String plan = """
                {"plan_summary": "Unroll.", "rationale": "Fewer jumps.", "focus_metrics": ["time"], "guardrails": [],
                 "risks": [], "validation": [], "handoff_notes": [], "fallback_plan": null,
                 "steps": [{"id": "s1", "title": "Unroll by four", "intent": "speed", "actions": ["edit loop.c"],
                   "files": ["loop.c"], "dependencies": [], "validation": [], "risks": [], "references": []}]}
                """.replaceAll("\\s+", " ");
        Agent agent = agent(cli, cli.start() + cli.answer(plan.strip()));

        AgentReport report = agent.run(Requests.plan(), workTree, scratch, spent::add);

        assertThat(report.summary()).isEqualTo("Unroll.");
        assertThat(AgentReport.of(report.json()).inFull()).contains("Step 1 (s1): Unroll by four", "- edit loop.c");
    }

    @ParameterizedTest
    @EnumSource
    void prose_is_asked_for_once_more_and_costs_are_counted_twice(StandIn cli) throws Exception {
        AgentReport report =
                run(cli, """
                %s
                if [ -e "$STAND_IN_STATE/asked" ]; then
                %s
                exit 0
                fi
                touch "$STAND_IN_STATE/asked"
                echo changed > file.txt
                %s
                """.formatted(cli.start(), cli.answer(REPORT), cli.answer("I have unrolled the loop.")));

        assertThat(report.summary()).isEqualTo("Unrolled the loop.");
        assertThat(spent).hasSize(2 * cli.usage().size());
        assertThat(scratch.resolve("code/repair/prompt.txt"))
                .content()
                .contains("it holds no JSON object", "> I have unrolled the loop.");
    }

    @ParameterizedTest
    @EnumSource
    void a_report_that_says_the_main_thing_is_not_asked_for_again(StandIn cli) throws Exception {
        AgentReport report =
                run(cli, cli.start() + cli.answer("{\"implementation_summary\":\"Unrolled.\",\"notes\":7}"));

        assertThat(report.summary()).isEqualTo("Unrolled.");
        assertThat(spent).isEqualTo(cli.usage());
        assertThat(scratch.resolve("code/repair")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void prose_again_is_all_that_is_known_of_code_and_no_plan(StandIn cli) {
        String script = cli.start() + cli.answer("I did it.");

        AgentReport report = assertDoesNotThrow(() -> run(cli, script));
        LoreleyException failure = catchThrowableOfType(
                LoreleyException.class, () -> agent(cli, script).run(Requests.plan(), workTree, scratch, spent::add));

        assertThat(report).isEqualTo(new AgentReport("I did it.", null, Map.of()));
        assertThat(failure.kind()).isEqualTo(FailureKind.AGENT_OUTPUT);
        assertThat(failure).hasMessageContaining("is prose");
    }

    @ParameterizedTest
    @EnumSource
    void code_that_is_paid_for_outlives_the_failure_to_report_it(StandIn cli) throws Exception {
        AgentReport report = run(
                cli, """
                if [ -e "$STAND_IN_STATE/asked" ]; then
                %s
                %s
                fi
                touch "$STAND_IN_STATE/asked"
                echo changed > file.txt
                %s
                %s
                """.formatted(cli.start(), cli.rateLimit() + "exit 1", cli.start(), cli.answer("I unrolled it.")));

        assertThat(report.summary()).isEqualTo("I unrolled it.");
        assertThat(workTree.resolve("file.txt")).hasContent("changed");
        assertThat(scratch.resolve("code/repair/stdout.log")).exists();
    }

    @ParameterizedTest
    @EnumSource
    void code_without_a_last_word_is_code_and_a_plan_is_none(StandIn cli) throws Exception {
        String script = cli.start() + "echo changed > file.txt\n" + cli.answer("");
        for (SchemaMode lax : List.of(SchemaMode.LENIENT, SchemaMode.NONE)) {
            mode = lax;
            spent.clear();

            assertThat(run(cli, script))
                    .isEqualTo(new AgentReport("The agent left no report on what it changed.", null, Map.of()));
            assertThat(spent).isEqualTo(cli.usage());
            assertThat(catchThrowableOfType(
                            LoreleyException.class,
                            () -> agent(cli, script).run(Requests.plan(), workTree, scratch, spent::add)))
                    .hasMessageContaining("is empty");
        }
    }

    @Test
    void a_report_that_claude_cannot_fit_to_its_schema_is_mended_or_left_as_it_is() throws Exception {
        String gaveUp = StandIn.CLAUDE.start()
                + "echo changed > file.txt\n"
                + StandIn.said(Map.of("type", "text", "text", "I unrolled it."))
                + "%s"
                + StandIn.gaveUp("error_max_structured_output_retries", "Failed to provide valid structured output");

        assertThat(run(StandIn.CLAUDE, gaveUp.formatted("")).summary()).isEqualTo("I unrolled it.");
        assertThat(scratch.resolve("code/repair/prompt.txt")).content().contains("> I unrolled it.");
        assertThat(run(
                                StandIn.CLAUDE,
                                gaveUp.formatted(StandIn.said(Map.of(
                                        "type",
                                        "tool_use",
                                        "name",
                                        "StructuredOutput",
                                        "input",
                                        Map.of("implementation_summary", "Unrolled.", "notes", 7)))))
                        .summary())
                .isEqualTo("Unrolled.");
        assertThat(workTree.resolve("file.txt")).hasContent("changed");
    }

    @Test
    void what_claude_says_of_an_error_tells_whose_it_is() {
        assertFailure(
                StandIn.CLAUDE,
                StandIn.CLAUDE.start() + StandIn.gaveUp("error_during_execution", "API Error: 529 overloaded_error"),
                FailureKind.AGENT_UNAVAILABLE,
                "overloaded_error");
    }

    @ParameterizedTest
    @EnumSource
    void in_strict_mode_a_violation_is_a_failure(StandIn cli) {
        mode = SchemaMode.STRICT;
        String violation = REPORT.replace("\"completed\"", "\"perhaps\"").replace("\"notes\":[]", "\"notes\":7");

        assertFailure(
                cli,
                cli.start() + cli.answer(violation),
                FailureKind.AGENT_OUTPUT,
                "must hold one of completed, partial, skipped at 'step_results[0].status'");
    }

    @ParameterizedTest
    @EnumSource
    void without_a_schema_prose_is_the_summary(StandIn cli) throws Exception {
        mode = SchemaMode.NONE;

        assertThat(run(cli, cli.start() + cli.answer("I did it.")))
                .isEqualTo(new AgentReport("I did it.", null, Map.of()));
    }

    @ParameterizedTest
    @EnumSource
    void changing_nothing_is_its_right(StandIn cli) throws Exception {
        assertThat(run(cli, cli.start() + cli.answer(REPORT)).summary()).isEqualTo("Unrolled the loop.");
        assertThat(workTree).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource
    void it_may_commit_by_itself(StandIn cli) throws Exception {
        run(
                cli,
                cli.start()
                        + "git init -q . && echo changed > file.txt && git add . && git commit -q -m mine >&2\n"
                        + cli.answer(REPORT));

        assertThat(workTree.resolve(".git/logs/HEAD")).content().contains("agent <agent@localhost>", "mine");
    }

    @ParameterizedTest
    @EnumSource
    void a_child_that_made_itself_a_daemon_is_ended(StandIn cli) throws Exception {
        run(cli, cli.start() + "(setsid sleep 300 >/dev/null 2>&1 &)\nsleep 300 &\n" + cli.answer(REPORT));

        leftovers.assertNone();
    }

    @ParameterizedTest
    @EnumSource
    void one_that_hangs_is_ended_with_all_its_children(StandIn cli) {
        seconds = 0.6;

        assertFailure(cli, "(setsid sleep 300 &)\nsleep 300\n", FailureKind.AGENT_TIMEOUT, "did not end within");
    }

    @ParameterizedTest
    @EnumSource
    void one_that_falls_silent_in_the_middle_is_ended(StandIn cli) {
        silence = SHORT;

        assertFailure(cli, cli.start() + "trap '' TERM\nsleep 300\n", FailureKind.AGENT_TIMEOUT, "printed nothing");
    }

    @ParameterizedTest
    @EnumSource
    void what_a_killed_one_spent_is_known_where_it_said_so_and_else_known_to_be_unknown(StandIn cli) {
        Path said = state.resolve("said");
        do {
            silence = silence.equals(AMPLE) ? SHORT : silence.multipliedBy(3); // or this machine starts nothing so soon
            spent.clear();
            assertFailure(
                    cli,
                    cli.start() + "touch \"$STAND_IN_STATE/said\"\nsleep 300\n",
                    FailureKind.AGENT_TIMEOUT,
                    "printed nothing");
        } while (!Files.exists(said));

        boolean saysSo = cli == StandIn.CLAUDE || cli == StandIn.OPENCODE;
        assertThat(spent).singleElement().satisfies(usage -> {
            assertThat(usage.cachedInputTokens() > 0).isEqualTo(saysSo);
            assertThat(usage.equals(StandIn.UNKNOWN)).isEqualTo(!saysSo);
        });
    }

    @Test
    void what_a_killed_claude_wrote_is_estimated_by_its_length() {
        String text = "word ".repeat(300);
        assertFailure(
                StandIn.CLAUDE,
                StandIn.CLAUDE.start() + StandIn.said(Map.of("type", "text", "text", text), 40) + "kill -9 $$\n",
                FailureKind.AGENT_CRASH,
                "signal 9");

        assertThat(spent).hasSize(2).last().satisfies(usage -> {
            assertThat(usage.inputTokens()).isEqualTo(40);
            assertThat(usage.outputTokens()).isBetween(500L, 550L);
            assertThat(usage.costUsd()).isNull();
        });
    }

    @ParameterizedTest
    @EnumSource
    void one_that_never_reached_its_model_spent_nothing(StandIn cli) {
        assertFailure(
                cli,
                cli.rateLimit().replaceAll("1050|1000|600|400|50|20|0\\.25", "0"),
                FailureKind.AGENT_RATE_LIMIT,
                "");

        assertThat(spent).allSatisfy(usage -> assertThat(usage.costUsd()).isZero());
    }

    @ParameterizedTest
    @EnumSource
    void one_that_ends_well_and_speaks_another_language_is_not_to_be_paid_again(StandIn cli) {
        assertFailure(cli, "echo '{\"event\": \"done\"}'\n", FailureKind.AGENT_OUTPUT, "no event that is known");
        assertThat(spent).containsExactly(StandIn.UNKNOWN);

        spent.clear();
        assertFailure(cli, "echo All is done.\n", FailureKind.AGENT_OUTPUT, "no event that is known");
        assertThat(spent).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_good_end_without_a_word_on_what_it_used_is_a_call_of_unknown_cost(StandIn cli) throws Exception {
        String silent = (cli.start() + cli.answer(REPORT))
                .replaceAll("\"(stats|usage|tokens|total_cost_usd|cost)\":", "\"un$1\":");
        run(cli, silent);

        assertThat(spent).containsExactly(StandIn.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource
    void a_hundred_megabytes_of_output_are_too_much(StandIn cli) {
        assertFailure(
                cli,
                cli.start() + "yes '{\"type\":\"noise\"}' | head -c 100000000 | tr '\\n' ' '\n" + cli.answer(REPORT),
                FailureKind.AGENT_OUTPUT,
                "printed more than");
    }

    @ParameterizedTest
    @EnumSource
    void endless_events_are_stopped(StandIn cli) {
        events = 100;

        assertFailure(
                cli,
                cli.start()
                        + "i=0; while [ $i -lt 200 ]; do echo '{\"type\": \"noise\"}'; i=$((i+1)); done; sleep 300\n",
                FailureKind.AGENT_BUDGET,
                "more than 100 events");
    }

    @ParameterizedTest
    @EnumSource
    void a_stream_that_was_cut_is_no_success(StandIn cli) {
        assertFailure(cli, cli.start() + cli.cut(), FailureKind.AGENT_UNAVAILABLE, "");
    }

    @ParameterizedTest
    @EnumSource
    void a_rate_limit_is_told_apart(StandIn cli) {
        assertFailure(cli, cli.start() + cli.rateLimit(), FailureKind.AGENT_RATE_LIMIT, "asked its provider too often");
    }

    @ParameterizedTest
    @EnumSource
    void a_refused_key_is_told_apart(StandIn cli) {
        assertFailure(cli, cli.start() + cli.unauthorized(), FailureKind.AGENT_AUTH, "was refused by its provider");
    }

    @ParameterizedTest
    @EnumSource
    void a_provider_that_fails_is_told_apart(StandIn cli) {
        assertFailure(
                cli, cli.start() + cli.unavailable(), FailureKind.AGENT_UNAVAILABLE, "could not use its provider");
    }

    @ParameterizedTest
    @EnumSource
    void one_that_is_killed_has_crashed(StandIn cli) {
        assertFailure(cli, cli.start() + "kill -9 $$\n", FailureKind.AGENT_CRASH, "was ended by signal 9");
    }

    @ParameterizedTest
    @EnumSource
    void without_a_key_nothing_is_started(StandIn cli) throws Exception {
        Map<String, String> environment = leftovers.environment();
        cli.kind.cli().orElseThrow().keyVariables().forEach(environment::remove);
        Agent agent = new CliAgent(
                settings(cli, cli.program(folder, "touch started")),
                PromptTemplates.BUILT_IN,
                folder.resolve("homes"),
                environment,
                runner);

        LoreleyException failure = failure(agent);

        assertThat(failure.kind()).isEqualTo(FailureKind.AGENT_AUTH);
        assertThat(failure)
                .hasMessageContaining(
                        cli.kind.cli().orElseThrow().keyVariables().getFirst());
        assertThat(workTree).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource
    void a_program_that_is_not_there_is_named_with_how_to_get_it(StandIn cli) {
        Agent agent = agent(cli, folder.resolve("nowhere/cli"));

        LoreleyException failure = failure(agent);

        assertThat(failure.kind()).isEqualTo(FailureKind.AGENT_CRASH);
        assertThat(failure)
                .hasMessageContainingAll(
                        "nowhere/cli", cli.kind.cli().orElseThrow().installation());
    }

    @ParameterizedTest
    @EnumSource
    void its_key_is_in_no_argument_and_in_nothing_that_is_kept(StandIn cli) throws Exception {
        AgentReport report = run(
                cli,
                "tr '\\0' ' ' < /proc/$$/cmdline > \"$STAND_IN_STATE/arguments\"\nenv | sed 's/^/{\"type\":\"noise\"} /'\nenv >&2\n"
                        + "env | grep -c 'canary' > \"$STAND_IN_STATE/seen\"\n"
                        + cli.start()
                        + cli.answer(REPORT.replace("Unrolled the loop.", "The key is " + KEY + ".")));

        assertThat(state.resolve("seen")).content().isNotEqualTo("0\n");
        assertThat(state.resolve("arguments")).content().doesNotContain(KEY);
        assertThat(report.summary()).isEqualTo("The key is ***.");
        try (var kept = Files.walk(scratch)) {
            assertThat(kept.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(
                                    new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                            .doesNotContain(KEY, "planted-canary"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothing_of_the_users_environment_reaches_it_unasked(StandIn cli) throws Exception {
        Path homes = folder.toRealPath().resolve("homes");
        run(cli, "env > \"$STAND_IN_STATE/env\"\n" + cli.start() + cli.answer(REPORT));

        assertThat(Files.readAllLines(state.resolve("env")))
                .noneMatch(line -> line.contains("planted-canary"))
                .anyMatch(line -> line.startsWith("HOME=" + homes))
                .contains("CI=1", "NO_COLOR=1", "TERM=dumb");
    }

    @ParameterizedTest
    @EnumSource
    void a_secret_in_what_it_is_asked_is_masked_before_it_is_asked(StandIn cli) throws Exception {
        AgentRequest request = Requests.request(
                AgentRequest.Stage.CODE, "Use " + KEY + " wisely.", List.of(), "Print planted-canary.", 60);

        agent(cli, "tr '\\0' ' ' < /proc/$$/cmdline >> \"$STAND_IN_STATE/prompt\"\n" + cli.start() + cli.answer(REPORT))
                .run(request, workTree, scratch, spent::add);

        assertThat(state.resolve("prompt"))
                .content()
                .contains("Use *** wisely.")
                .doesNotContain(KEY, "planted-canary");
        assertThat(scratch.resolve("code/prompt.txt")).content().contains("Use *** wisely.");
        assertThat(scratch.resolve("code/request.json"))
                .content()
                .contains("Use *** wisely.", "Print ***.")
                .doesNotContain(KEY, "planted-canary");
    }

    @Test
    void settings_that_cannot_work_are_refused_when_the_agent_is_made() {
        assertThatThrownBy(() -> made(StandIn.OPENCODE, "gpt-5", null)).hasMessageContaining("model: openai/gpt-5");
        assertThatThrownBy(() -> made(StandIn.OPENCODE, null, null))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION));
        assertThatThrownBy(() -> made(StandIn.CURSOR, null, "http://127.0.0.1:1"))
                .hasMessageContaining("no base-url");
        assertThat(made(StandIn.CURSOR, null, null).name()).isEqualTo("cursor");
    }

    private Agent made(StandIn cli, @Nullable String model, @Nullable String baseUrl) {
        AgentSettings usual = settings(cli, folder);
        AgentSettings settings = new AgentSettings(
                usual.kind(),
                model,
                usual.schemaMode(),
                new CliSettings(null, List.of(), null, baseUrl),
                List.of(),
                null,
                usual.timeout(),
                usual.planTimeout(),
                List.of(),
                usual.limits());
        return new CliAgent(settings, PromptTemplates.BUILT_IN, folder.resolve("homes"), Map.of(), runner);
    }

    private void assertFailure(StandIn cli, String script, FailureKind kind, String message) {
        LoreleyException failure = failure(agent(cli, script));
        assertThat(failure.kind()).as(String.valueOf(failure.getMessage())).isEqualTo(kind);
        assertThat(failure)
                .hasMessageStartingWith("The agent " + cli.kind.word())
                .hasMessageContaining(message);
    }

    private LoreleyException failure(Agent agent) {
        return catchThrowableOfType(
                LoreleyException.class, () -> agent.run(Requests.code(seconds), workTree, scratch, spent::add));
    }

    private AgentReport run(StandIn cli, String script) throws InterruptedException {
        return agent(cli, script).run(Requests.code(seconds), workTree, scratch, spent::add);
    }

    private Agent agent(StandIn cli, String script) {
        try {
            return agent(cli, cli.program(folder, script));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Agent agent(StandIn cli, Path program) {
        Map<String, String> environment = leftovers.environment();
        environment.put("STAND_IN_STATE", state.toString());
        environment.put("PLANTED_TOKEN", "planted-canary");
        environment.put(cli.kind.cli().orElseThrow().keyVariables().getFirst(), KEY);
        return new CliAgent(
                settings(cli, program), PromptTemplates.BUILT_IN, folder.resolve("homes"), environment, runner);
    }

    private AgentSettings settings(StandIn cli, Path program) {
        return new AgentSettings(
                cli.kind,
                "m/1",
                mode,
                new CliSettings(program.toString(), List.of(), null, null),
                List.of(),
                null,
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                List.of(Leftovers.VARIABLE, "STAND_IN_STATE"),
                new ContainmentSettings(Isolation.Kind.NAMESPACE, true, silence, events, null, null, null, null));
    }
}
