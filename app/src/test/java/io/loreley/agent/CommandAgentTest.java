package io.loreley.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.loreley.contract.HostileProgram;
import io.loreley.contract.Leftovers;
import io.loreley.contract.Role;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Json;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Usage;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
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
import tools.jackson.databind.JsonNode;

@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class CommandAgentTest {

    private static final String KEY = "b7Qx-plain-words-44";

    private final ProcessRunner runner = new ProcessRunner();
    private final Leftovers leftovers = Leftovers.watched();

    @TempDir
    Path folder;

    private Path workTree;
    private Path scratch;

    @BeforeEach
    void folders() throws IOException {
        workTree = Files.createDirectory(folder.resolve("tree"));
        scratch = Files.createDirectory(folder.resolve("scratch"));
    }

    @AfterEach
    void nothing_is_left() throws IOException {
        runner.close();
        leftovers.assertNone();
    }

    @Test
    void an_agent_reads_its_request_changes_the_tree_and_reports() throws Exception {
        Agent agent = agent("""
                cat > prompt-as-seen
                cp "$LORELEY_REQUEST" request-as-seen
                pwd > folder-as-seen
                echo changed > file.txt
                echo 'some noise'
                echo '{"summary": " Changed a file. ", "commit_message": "Change", "tokens": 12}' > "$LORELEY_RESULT"
                """);

        AgentReport report = agent.run(Requests.code(60), workTree, scratch, usage -> {});

        assertThat(report).isEqualTo(new AgentReport("Changed a file.", "Change", Map.of("tokens", 12)));
        assertThat(workTree.resolve("file.txt")).hasContent("changed");
        assertThat(workTree.resolve("folder-as-seen"))
                .hasContent(workTree.toRealPath().toString());
        Path kept = scratch.resolve("code");
        assertThat(workTree.resolve("prompt-as-seen")).hasSameTextualContentAs(kept.resolve("prompt.txt"));
        assertThat(workTree.resolve("request-as-seen")).hasSameTextualContentAs(kept.resolve("request.json"));
        assertThat(kept.resolve("stdout.log")).hasContent("some noise");
        assertThat(kept.resolve("stderr.log")).isEmptyFile();
        assertThat(kept.resolve("report.json")).content().contains("Changed a file.");
    }

    @Test
    void what_a_run_cost_is_what_its_report_says_and_else_unknown_where_it_is_asked() throws Exception {
        assertThat(spent("{\"summary\": \"x\", \"cost_usd\": 0.25}", false)).containsExactly(cost(0.25));
        assertThat(spent("{\"summary\": \"x\", \"cost_usd\": 0}", true)).containsExactly(cost(0.0));
        assertThat(spent("{\"summary\": \"x\"}", false)).isEmpty();
        for (String silent : List.of(
                "{\"summary\": \"x\"}",
                "{\"summary\": \"x\", \"cost_usd\": \"much\"}",
                "{\"summary\": \"x\", \"cost_usd\": -1}",
                "no report")) {
            assertThat(spent(silent, true)).as(silent).containsExactly(cost(null));
        }
    }

    private List<Usage> spent(String report, boolean isCostAsked) throws Exception {
        List<Usage> spent = new ArrayList<>();
        Files.writeString(folder.resolve("said.json"), report);
        Agent agent = new CommandAgent(
                Requests.settings(List.of("sh", "-c", "cp ../said.json \"$LORELEY_RESULT\""), null),
                PromptTemplates.BUILT_IN,
                folder,
                leftovers.environment(),
                runner,
                isCostAsked);
        try {
            agent.run(Requests.code(60), workTree, scratch, spent::add);
        } catch (LoreleyException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.AGENT_OUTPUT);
        }
        return spent;
    }

    private static Usage cost(@Nullable Double costUsd) {
        return new Usage(null, 0, 0, 0, costUsd);
    }

    @Test
    void the_request_file_keeps_the_promised_keys() throws Exception {
        agent("echo '{\"summary\": \"x\"}' > \"$LORELEY_RESULT\"")
                .run(Requests.code(1.5), workTree, scratch, usage -> {});

        JsonNode json = Json.parse(Files.readAllBytes(scratch.resolve("code/request.json")));
        assertThat(json.propertyNames())
                .containsExactly(
                        "stage",
                        "job",
                        "goal",
                        "constraints",
                        "acceptance_criteria",
                        "base",
                        "inspirations",
                        "plan",
                        "context",
                        "iteration_hint",
                        "seed",
                        "time_limit_seconds");
        assertThat(json.get("stage").stringValue()).isEqualTo("code");
        assertThat(json.get("seed").longValue()).isEqualTo(Requests.SEED);
        assertThat(json.get("time_limit_seconds").doubleValue()).isEqualTo(1.5);
        assertThat(json.get("base").propertyNames())
                .containsExactly(
                        "commit",
                        "subject",
                        "change_summary",
                        "evaluation_summary",
                        "metrics",
                        "key_files",
                        "highlights");
        assertThat(json.at("/inspirations/0/metrics/0"))
                .isEqualTo(
                        Json.parse("{\"name\": \"time\", \"value\": 1.5, \"unit\": \"s\", \"direction\": \"minimize\","
                                .concat(" \"details\": {\"runs\": 3}}")
                                .getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void the_planning_program_runs_in_its_own_stage() throws Exception {
        Agent agent = agent(
                "echo '{\"summary\": \"done\"}' > \"$LORELEY_RESULT\"",
                "printf '%s' '{\"summary\": \"first this\\nthen that\"}' > \"$LORELEY_RESULT\"");

        assertThat(agent.run(Requests.plan(), workTree, scratch, usage -> {}).summary())
                .isEqualTo("first this\nthen that");
        assertThat(agent.run(Requests.code(60), workTree, scratch, usage -> {}).summary())
                .isEqualTo("done");
        assertThat(scratch.resolve("plan/report.json")).exists();
        assertThat(scratch.resolve("code/report.json")).exists();
    }

    @Test
    void planning_without_a_planning_program_is_a_configuration_failure() throws Exception {
        Agent agent = agent(":");

        assertThatThrownBy(() -> agent.run(Requests.plan(), workTree, scratch, usage -> {}))
                .hasMessageContaining("agent.plan-command is not set");
    }

    @Test
    void a_report_of_an_earlier_attempt_is_not_taken_for_a_new_one() throws Exception {
        agent("echo '{\"summary\": \"old\"}' > \"$LORELEY_RESULT\"")
                .run(Requests.code(60), workTree, scratch, usage -> {});

        LoreleyException failure = failure(agent(":"), 60);

        assertThat(failure.kind()).isEqualTo(FailureKind.AGENT_OUTPUT);
    }

    @Test
    void the_environment_is_built_from_the_allow_list() throws Exception {
        agent("env > seen; echo '{\"summary\": \"x\"}' > \"$LORELEY_RESULT\"")
                .run(Requests.code(60), workTree, scratch, usage -> {});

        assertThat(Files.readAllLines(workTree.resolve("seen")))
                .anyMatch(line -> line.startsWith("PATH="))
                .anyMatch(line -> line.equals(Leftovers.VARIABLE + "=" + leftovers.token()))
                .noneMatch(line -> line.startsWith("SECRET_CANARY="));
    }

    @ParameterizedTest
    @EnumSource
    void what_goes_wrong_is_a_failure_that_names_its_cause(HostileProgram program) throws Exception {
        LoreleyException failure = failure(agent(program.script()), program.seconds());

        assertThat(failure.kind()).isEqualTo(program.kindFor(Role.AGENT));
        assertThat(failure).hasMessageStartingWith("The agent ").hasMessageContaining(program.message());
        leftovers.assertNone();
    }

    @Test
    void a_child_left_behind_by_a_good_agent_is_ended() throws Exception {
        agent("sleep 300 & (setsid sleep 300 &) ; echo '{\"summary\": \"x\"}' > \"$LORELEY_RESULT\"")
                .run(Requests.code(60), workTree, scratch, usage -> {});

        leftovers.assertNone();
    }

    @Test
    void a_program_that_does_not_exist_is_named_and_cost_nothing() {
        List<Usage> spent = new ArrayList<>();
        Agent agent = new CommandAgent(
                Requests.settings(List.of("no-such-program", "x"), null),
                PromptTemplates.BUILT_IN,
                folder,
                leftovers.environment(),
                runner,
                true);

        LoreleyException failure = catchThrowableOfType(
                LoreleyException.class, () -> agent.run(Requests.code(60), workTree, scratch, spent::add));

        assertThat(failure.kind()).isEqualTo(FailureKind.AGENT_CRASH);
        assertThat(failure).hasMessageContainingAll("could not be started", "no-such-program");
        assertThat(spent).isEmpty();
    }

    @Test
    void a_key_that_the_agent_tells_is_masked_in_all_that_is_kept() throws Exception {
        Agent agent = agent("""
                echo key %1$s; echo key %1$s >&2
                echo '{"summary": "found %1$s"}' > "$LORELEY_RESULT"
                """.formatted(KEY));

        AgentReport report = agent.run(Requests.code(60), workTree, scratch, usage -> {});

        assertThat(report.summary()).isEqualTo("found ***");
        for (String kept : List.of("stdout.log", "stderr.log", "report.json")) {
            assertThat(scratch.resolve("code").resolve(kept))
                    .content()
                    .contains("***")
                    .doesNotContain(KEY);
        }
        assertThat(failure(agent("echo %s; exit 4".formatted(KEY)), 60))
                .message()
                .contains("***")
                .doesNotContain(KEY);
    }

    @Test
    void an_interrupt_ends_the_agent_and_all_its_children() throws Exception {
        Agent agent = agent("sleep 300 & touch started; wait");
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread job = Thread.ofVirtual().start(() -> {
            try {
                agent.run(Requests.code(60), workTree, scratch, usage -> {});
            } catch (InterruptedException | LoreleyException e) {
                thrown.set(e);
            }
        });
        while (!Files.exists(workTree.resolve("started"))) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }

        job.interrupt();
        job.join();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    private Agent agent(String script) throws IOException {
        return agent(script, null);
    }

    private Agent agent(String script, @Nullable String planScript) throws IOException {
        Files.writeString(folder.resolve("agent.sh"), script);
        Files.writeString(folder.resolve("plan.sh"), planScript == null ? "" : planScript);
        Map<String, String> environment = leftovers.environment();
        environment.put("SECRET_CANARY", "s3cret");
        environment.put("MY_API_KEY", KEY);
        return new CommandAgent(
                Requests.settings(
                        List.of("/bin/sh", "${project}/agent.sh"),
                        planScript == null ? null : List.of("/bin/sh", "${project}/plan.sh")),
                PromptTemplates.BUILT_IN,
                folder,
                environment,
                runner,
                false);
    }

    private LoreleyException failure(Agent agent, double seconds) {
        return catchThrowableOfType(
                LoreleyException.class, () -> agent.run(Requests.code(seconds), workTree, scratch, usage -> {}));
    }
}
