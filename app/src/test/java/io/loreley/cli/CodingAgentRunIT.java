package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.process.BaseEnvironment;
import io.loreley.process.Captured;
import io.loreley.process.Limits;
import io.loreley.process.ProcessRunner;
import io.loreley.store.Database;
import io.loreley.store.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A whole run with a coding agent that plans, codes, and tells every secret that it can find. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class CodingAgentRunIT {

    private static final String KEY = "canary-of-the-key-4f1c";
    private static final String TOKEN = "canary-of-the-environment-77ab";
    private static final String PASSWORD = "canary-of-the-remote-90de";
    private static final List<String> CANARIES = List.of(KEY, TOKEN, PASSWORD);

    /** Speaks as Claude Code does. It reads its prompt, tells all it knows, and puts its key into its report. */
    private static final String AGENT = """
            #!/bin/sh
            prompt=$(cat)
            env >&2
            git config --list >&2
            git remote -v >&2
            cat .git ../.git/config 2>/dev/null >&2
            env | sed 's/"//g; s/\\\\//g; s/.*/{"type": "noise", "text": "&"}/'
            say() {
              printf '{"type": "result", "subtype": "success", "is_error": false, "total_cost_usd": 0.5, "usage": '
              printf '{"input_tokens": 10, "output_tokens": 5}, "structured_output": %s}\\n' "$1"
            }
            case "$prompt" in
            *"You plan the next change"*)
              say '{"plan_summary": "Raise it with '"$ANTHROPIC_API_KEY"'", "rationale": "", "focus_metrics": [],
                "guardrails": [], "risks": [], "validation": [], "handoff_notes": [], "fallback_plan": null,
                "steps": [{"id": "s1", "title": "Raise the number", "intent": "", "actions": ["edit value.txt"],
                "files": [], "dependencies": [], "validation": [], "risks": [], "references": []}]}' | tr '\\n' ' '
              ;;
            *)
              case "$prompt" in *"Step 1 (s1): Raise the number"*) ;; *) echo 'no plan' >&2; exit 3 ;; esac
              echo $(($(cat value.txt) + 1 + $$ % 7)) > value.txt
              say '{"implementation_summary": "Raised with '"$ANTHROPIC_API_KEY"'", "commit_message": "Raise the number",
                "step_results": [], "tests_executed": [], "tests_recommended": [], "follow_up_items": [],
                "notes": []}' | tr '\\n' ' '
              ;;
            esac
            """;

    private static final String EVALUATOR = """
            #!/bin/sh
            read -r value < value.txt
            echo "{\\"summary\\": \\"read it\\", \\"metrics\\": {\\"value\\": $value}}" > "$LORELEY_RESULT"
            """;

    @TempDir
    private Path folder;

    private final ProcessRunner processes = new ProcessRunner();
    private Path home;
    private EmbeddedPostgres server;

    @BeforeEach
    void project() throws Exception {
        home = Files.createDirectory(folder.resolve("home"));
        server = new EmbeddedPostgres(home, processes);
        program("agent.sh", AGENT);
        program("evaluate.sh", EVALUATOR);
        Files.writeString(folder.resolve("loreley.yaml"), """
                name: canaries
                goal: Raise the number.
                repository: repository
                agent: {kind: claude, model: m, cli: {program: %1$s/agent.sh}}
                planner: {kind: claude, model: m, cli: {program: %1$s/agent.sh}}
                evaluator: {command: ["%1$s/evaluate.sh"]}
                objective: {metric: value, direction: maximize}
                embedding: {extensions: [txt]}
                search: {seeds: 2, dimensions: 2, cells-per-dimension: 4}
                """.formatted(folder));
        Path repository = Files.createDirectory(folder.resolve("repository"));
        Files.writeString(repository.resolve("value.txt"), "1\n");
        git(repository, "init", "-q");
        git(repository, "remote", "add", "origin", "https://somebody:" + PASSWORD + "@127.0.0.1:9/x.git");
        git(repository, "add", ".");
        git(repository, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "Start");
    }

    @AfterEach
    void stop() {
        server.stop();
        processes.close();
    }

    @Test
    void it_plans_codes_and_is_paid_and_no_secret_is_found_anywhere() throws Exception {
        Process run = run();
        TreeSet<String> exposed = new TreeSet<>();
        while (!run.waitFor(20, TimeUnit.MILLISECONDS)) {
            exposed.addAll(commandLinesWithCanaries());
        }
        String output = Files.readString(folder.resolve("output.log"));

        assertThat(run.exitValue()).as(output).isZero();
        assertThat(exposed).as("process arguments").isEmpty();
        assertNoCanary("output", output);
        List<String> rows = rows();
        assertThat(rows).anyMatch(row -> row.contains("Raised with ***"));
        assertThat(rows.stream().filter(row -> row.contains("\"cost_usd\": 0.5")))
                .as("planning and coding of each job were metered")
                .hasSizeGreaterThanOrEqualTo(4);
        rows.forEach(row -> assertNoCanary("database", row));
        for (Path hub : list(home.resolve("repositories"))) {
            assertNoCanary("git objects", git(hub, "cat-file", "--batch-all-objects", "--batch"));
        }
        assertThat(list(home.resolve("agents")))
                .allSatisfy(ofAProcess -> assertThat(ofAProcess).isEmptyDirectory());
        server.stop();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertNoCanary(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
    }

    private Process run() throws IOException {
        ProcessBuilder builder =
                LoreleyProcess.of(home, "run", folder.toString(), "--jobs", "2", "--for", "3m", "--json");
        builder.environment().put("ANTHROPIC_API_KEY", KEY);
        builder.environment().put("PLANTED_TOKEN", TOKEN);
        return builder.redirectOutput(folder.resolve("output.log").toFile()).start();
    }

    private static List<String> commandLinesWithCanaries() throws IOException {
        List<String> found = new ArrayList<>();
        try (var all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (Path process : all) {
                try {
                    String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                    if (CANARIES.stream().anyMatch(line::contains)) {
                        found.add(line.replace('\0', ' '));
                    }
                } catch (IOException e) {
                    // It ended meanwhile.
                }
            }
        }
        return found;
    }

    private List<String> rows() throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Database database = Database.open(server.open());
                var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (var names = statement.executeQuery(
                    "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")) {
                while (names.next()) {
                    tables.add(names.getString(1));
                }
            }
            for (String table : tables) {
                try (var contents = statement.executeQuery("SELECT to_jsonb(t)::text FROM \"%s\" t".formatted(table))) {
                    while (contents.next()) {
                        rows.add(contents.getString(1));
                    }
                }
            }
        }
        return rows;
    }

    private static void assertNoCanary(String place, String content) {
        CANARIES.forEach(canary ->
                assertThat(content.contains(canary)).as(canary + " in " + place).isFalse());
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    private void program(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, content);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private String git(Path repository, String... arguments) throws InterruptedException {
        List<String> words = new ArrayList<>(List.of("git"));
        words.addAll(List.of(arguments));
        Captured answer = processes.capture(
                words,
                repository,
                BaseEnvironment.of(System.getenv(), List.of()),
                null,
                new Limits(Duration.ofSeconds(30), 1 << 26));
        assertThat(answer.success()).as(answer.describe()).isTrue();
        return answer.text();
    }
}
