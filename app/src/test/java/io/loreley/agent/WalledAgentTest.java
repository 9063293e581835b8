package io.loreley.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loreley.contract.Leftovers;
import io.loreley.evaluation.Interpreters;
import io.loreley.process.Isolation;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Agents of all kinds behind bubblewrap: the work tree is theirs, everything else they can only read. */
@Timeout(120)
class WalledAgentTest {

    /** Tries whatever root might. */
    private static final String BREAK_OUT = """
            echo changed > file.txt
            mount -o remount,bind,rw / 2>/dev/null
            echo mine > "$OUTSIDE" 2>/dev/null
            """;

    private static final ContainmentSettings WALLED =
            new ContainmentSettings(Isolation.Kind.BWRAP, true, null, 20_000, null, null, null, null);

    private final ProcessRunner runner = new ProcessRunner();
    private final Leftovers leftovers = Leftovers.watched();

    @TempDir
    Path folder;

    private Path workTree;
    private Path scratch;
    private Path outside;

    @BeforeEach
    void folders() throws IOException {
        assumeTrue(
                Interpreters.hasBubblewrap(),
                "bubblewrap is not installed or not allowed here: no agent is tested under it");
        workTree = Files.createDirectory(folder.resolve("tree"));
        scratch = Files.createDirectory(folder.resolve("scratch"));
        outside = Files.writeString(folder.resolve("outside"), "theirs");
    }

    @AfterEach
    void nothing_is_left() throws IOException {
        runner.close();
        leftovers.assertNone();
    }

    @Test
    void a_command_changes_the_tree_and_nothing_else() throws Exception {
        Files.writeString(
                folder.resolve("agent.sh"),
                BREAK_OUT + "echo '{\"summary\": \"Changed it.\"}' > \"$LORELEY_RESULT\"\n");
        Agent agent = new CommandAgent(
                settings(AgentKind.COMMAND, null, List.of("/bin/sh", "${project}/agent.sh")),
                PromptTemplates.BUILT_IN,
                folder,
                environment(),
                runner,
                false);

        assertThat(agent.run(Requests.code(60), workTree, scratch, usage -> {}).summary())
                .isEqualTo("Changed it.");
        assertThat(workTree.resolve("file.txt")).hasContent("changed");
        assertThat(outside).hasContent("theirs");
    }

    @ParameterizedTest
    @EnumSource
    void a_coding_agent_changes_the_tree_and_its_home_and_nothing_else(StandIn cli) throws Exception {
        Map<String, String> environment = environment();
        environment.put(cli.kind.cli().orElseThrow().keyVariables().getFirst(), "no-key-of-anybody");
        Path program =
                cli.program(folder, cli.start() + BREAK_OUT + "touch \"$HOME/kept\"\n" + cli.answer("I did it."));
        Agent agent = new CliAgent(
                settings(cli.kind, program, List.of()),
                PromptTemplates.BUILT_IN,
                folder.resolve("homes"),
                environment,
                runner);

        assertThat(agent.run(Requests.code(60), workTree, scratch, usage -> {}).summary())
                .isEqualTo("I did it.");
        assertThat(workTree.resolve("file.txt")).hasContent("changed");
        assertThat(outside).hasContent("theirs");
        assertThat(folder.resolve("homes")).isEmptyDirectory();
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(leftovers.environment());
        environment.put("OUTSIDE", outside.toString());
        environment.put("STAND_IN_STATE", folder.toString());
        return environment;
    }

    private static AgentSettings settings(AgentKind kind, @Nullable Path program, List<String> command) {
        return new AgentSettings(
                kind,
                program == null ? null : "m/1",
                SchemaMode.NONE,
                program == null ? CliSettings.USUAL : new CliSettings(program.toString(), List.of(), null, null),
                command,
                null,
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                List.of(Leftovers.VARIABLE, "OUTSIDE", "STAND_IN_STATE"),
                WALLED);
    }
}
