package io.loreley.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.Usage;
import io.loreley.process.BaseEnvironment;
import io.loreley.process.Isolation;
import io.loreley.process.Limits;
import io.loreley.process.ProcessRunner;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The real programs, where they are on the PATH, against a provider on the loopback. One that is not installed is not run,
 * and the test's report says so.
 */
@Timeout(300)
class InstalledAgentsIT {

    private final ProcessRunner runner = new ProcessRunner();
    private final List<Usage> spent = new ArrayList<>();

    @TempDir
    Path folder;

    /** Not below the system's temporary folder, where codex refuses to have its home. */
    private Path homes;

    @BeforeEach
    void homes() throws IOException {
        homes = Files.createTempDirectory(
                Files.createDirectories(Path.of("target")).toRealPath(), "homes-");
    }

    @AfterEach
    void close() throws IOException {
        runner.close();
        Files.deleteIfExists(homes);
    }

    @ParameterizedTest
    @EnumSource(names = "CURSOR", mode = EnumSource.Mode.EXCLUDE)
    void an_installed_agent_reports_and_is_metered(StandIn cli, TestReporter reporter) throws Exception {
        String program = cli.kind.cli().orElseThrow().program();
        if (!isInstalled(program)) {
            reporter.publishEntry(program, "is not on the PATH and was not run");
            return;
        }
        Path tree = repository();
        try (StandInProvider provider = new StandInProvider(CodingAgentContractTest.REPORT)) {
            AgentReport report =
                    agent(cli, provider.url()).run(Requests.code(240), tree, folder.resolve("scratch"), spent::add);

            assertThat(report.summary()).isEqualTo("Unrolled the loop.");
            assertThat(provider.calls()).isNotEmpty();
        }
        assertThat(spent).isNotEmpty();
        assertThat(spent.stream().mapToLong(Usage::inputTokens).sum()).isGreaterThanOrEqualTo(100);
        assertThat(spent.stream().mapToLong(Usage::outputTokens).sum()).isPositive();
        assertThat(homes).isEmptyDirectory();
        reporter.publishEntry(program, "was run: " + spent);
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(Pattern.quote(File.pathSeparator)))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    private Agent agent(StandIn cli, String url) throws IOException {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put(cli.kind.cli().orElseThrow().keyVariables().getFirst(), "sk-stand-in-key-0123456789");
        boolean versioned = cli == StandIn.CODEX || cli == StandIn.OPENCODE;
        AgentSettings settings = new AgentSettings(
                cli.kind,
                cli == StandIn.OPENCODE ? "standin/m" : cli == StandIn.GEMINI ? "gemini-2.5-flash" : "m",
                SchemaMode.LENIENT,
                new CliSettings(null, List.of(), null, versioned ? url + "/v1" : url),
                List.of(),
                null,
                Duration.ofMinutes(4),
                Duration.ofMinutes(4),
                List.of(),
                new ContainmentSettings(Isolation.Kind.NAMESPACE, true, null, 20_000, null, null, null, null));
        return new CliAgent(settings, PromptTemplates.BUILT_IN, homes, environment, runner);
    }

    private Path repository() throws IOException, InterruptedException {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Files.writeString(tree.resolve("loop.c"), "for (;;);\n");
        runner.capture(
                List.of("git", "init", "-q"),
                tree,
                BaseEnvironment.of(System.getenv(), List.of()),
                null,
                new Limits(Duration.ofSeconds(30), 1 << 16));
        return tree;
    }
}
