package io.loreley.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.agent.AgentReport;
import io.loreley.agent.AgentRequest;
import io.loreley.agent.AgentSettings;
import io.loreley.agent.CommandAgent;
import io.loreley.agent.CommitBrief;
import io.loreley.agent.PromptTemplates;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Objective;
import io.loreley.evaluation.Candidate;
import io.loreley.evaluation.Evaluator;
import io.loreley.evaluation.EvaluatorFiles;
import io.loreley.evaluation.EvaluatorSettings;
import io.loreley.evaluation.Evaluators;
import io.loreley.evaluation.Ground;
import io.loreley.evaluation.MachineSlots;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs on the two contract pages, taken from the pages and run. */
class ContractPagesTest {

    private static final Path PAGES = Path.of("../docs");
    private static final Pattern PROGRAM = Pattern.compile("```sh\n(#!/bin/sh\n.*?)```", Pattern.DOTALL);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final CommitHash BASE = new CommitHash("a".repeat(40));

    @TempDir
    Path folder;

    @Test
    void the_agent_of_its_page_raises_the_number() throws Exception {
        Path tree = checkout("40");
        AgentReport report;
        try (ProcessRunner runner = new ProcessRunner()) {
            CommandAgent agent = new CommandAgent(
                    AgentSettings.ofCommand(command("agent-contract.md"), null, LIMIT),
                    PromptTemplates.BUILT_IN,
                    folder,
                    System.getenv(),
                    runner,
                    false);
            report = agent.run(request(-4182), tree, folder.resolve("scratch"), usage -> {});
        }

        assertThat(report).isEqualTo(new AgentReport("Added 2 to 40.", "Raise the number to 42", Map.of()));
        assertThat(tree.resolve("number.txt")).hasContent("42");
    }

    @Test
    void the_evaluator_of_its_page_measures_the_number() throws Exception {
        try (ProcessRunner runner = new ProcessRunner()) {
            Evaluator evaluator = evaluator(runner);
            Path checkout = checkout("142");

            assertThat(evaluator
                            .evaluate(candidate(), commit -> checkout, folder.resolve("scratch"))
                            .metrics())
                    .extracting(metric -> metric.name() + "=" + metric.value())
                    .containsExactly("number=142.0", "digits=3.0");
        }
    }

    @Test
    void the_evaluator_of_its_page_fails_what_is_no_number() throws Exception {
        try (ProcessRunner runner = new ProcessRunner()) {
            Evaluator evaluator = evaluator(runner);
            Path checkout = checkout("many");

            assertThatThrownBy(() -> evaluator.evaluate(candidate(), commit -> checkout, folder.resolve("scratch")))
                    .hasFieldOrPropertyWithValue("kind", FailureKind.EVALUATOR_CRASH)
                    .hasMessageContaining("number.txt holds no number: many");
        }
    }

    private Evaluator evaluator(ProcessRunner runner) throws IOException {
        EvaluatorSettings settings = new EvaluatorSettings(command("evaluator-contract.md"), LIMIT, 64, List.of());
        Ground ground = Ground.pinned(settings, folder, EvaluatorFiles.NONE, folder.resolve("pinned"));
        return new Evaluators(ground, System.getenv(), runner, folder.resolve("adapters"), new MachineSlots(folder))
                .of(settings, new Objective("number", Direction.MAXIMIZE));
    }

    private List<String> command(String page) throws IOException {
        Matcher program = PROGRAM.matcher(Files.readString(PAGES.resolve(page)));
        assertThat(program.find()).as("a program on " + page).isTrue();
        Files.writeString(folder.resolve("program.sh"), program.group(1));
        return List.of("sh", "${project}/program.sh");
    }

    private Path checkout(String number) throws IOException {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Files.writeString(tree.resolve("number.txt"), number + "\n");
        return tree;
    }

    private static Candidate candidate() {
        return new Candidate(BASE, null, "6f1c", "Be large", 1);
    }

    private static AgentRequest request(long seed) {
        CommitBrief base = new CommitBrief(BASE, "Start", "N/A", null, List.of(), List.of(), List.of());
        return new AgentRequest(
                AgentRequest.Stage.CODE,
                "6f1c",
                "Be large",
                List.of(),
                List.of(),
                base,
                List.of(),
                null,
                List.of(),
                null,
                seed,
                LIMIT);
    }
}
