package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.cli.display.Display;
import io.loreley.cli.display.EndReport;
import io.loreley.cli.settings.Source;
import io.loreley.domain.FailureKind;
import io.loreley.domain.RunEvent;
import io.loreley.domain.Secret;
import io.loreley.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs whose agents are told of the past, take turns, and are held to the rules of what may be committed. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RememberingRunIT {

    private static final String SEED =
            "#!/bin/sh\nseed=$(sed -n 's/.*\"seed\" *: *\\([0-9]*\\).*/\\1/p' \"$LORELEY_REQUEST\" | head -n 1)\n";

    @RegisterExtension
    private final TestDatabase postgres = new TestDatabase();

    @TempDir
    private Path folder;

    private Path project;

    @BeforeEach
    void project() throws IOException {
        project = Files.createDirectories(folder.resolve("project"));
        Files.createDirectories(folder.resolve("source"));
        Files.writeString(folder.resolve("source/value.txt"), "1\n");
    }

    @Test
    void a_plan_that_failed_before_is_sent_back_and_the_next_one_is_told_why() throws Exception {
        program("plan.sh", """
                #!/bin/sh
                if grep -q 'Propose 2 directions' "$LORELEY_REQUEST"; then
                  printf '%s' '{"summary": "- Go up.\\n- Go down."}' > "$LORELEY_RESULT"
                else
                  echo '{"summary": "Make the value of value.txt negative"}' > "$LORELEY_RESULT"
                fi
                """);
        program(
                "agent.sh",
                SEED + "echo \"-$seed\" > value.txt\necho '{\"summary\": \"did it\"}' > \"$LORELEY_RESULT\"\n");
        program("evaluate.sh", """
                #!/bin/sh
                read -r value < value.txt
                case $value in -*) echo "negative values are not allowed" >&2; exit 3 ;; esac
                echo "{\\"metrics\\": {\\"value\\": $value}}" > "$LORELEY_RESULT"
                """);
        run(3, """
                agent: {command: ["${project}/agent.sh"], plan-command: ["${project}/plan.sh"]}
                search: {seeds: 2, propose-directions: true}
                """);

        assertThat(values("SELECT iteration_hint FROM evolution_jobs WHERE kind = 'SEED' ORDER BY draw"))
                .satisfiesExactly(
                        first -> assertThat(first).endsWith("Go up."),
                        second -> assertThat(second).endsWith("Go down."));
        String last = values("SELECT artifacts FROM job_stages WHERE stage = 'PLAN' ORDER BY started_at DESC LIMIT 1")
                .getFirst();
        Path artifacts = folder.resolve("home/artifacts").resolve(last);
        assertThat(artifacts.resolve("plan-draft/request.json")).content().contains("negative values are not allowed");
        assertThat(artifacts.resolve("plan/request.json"))
                .content()
                .contains("Your draft is sent back", "negative values are not allowed");
        assertThat(artifacts.resolve("code/request.json")).content().contains("negative values are not allowed");
        // the first job has nothing to remember
        try (Stream<Path> drafts = Files.walk(folder.resolve("home/artifacts"))) {
            assertThat(drafts.filter(path -> path.endsWith("plan-draft"))).hasSizeLessThan(3);
        }
    }

    @Test
    void several_agents_take_turns_and_what_they_leave_is_looked_at() throws Exception {
        program(
                "good.sh",
                SEED
                        + "echo \"$seed\" > value.txt\necho '{\"summary\": \"`a larger value`\"}' > \"$LORELEY_RESULT\"\n");
        program(
                "bad.sh",
                SEED
                        + "echo \"$seed\" > value.txt\necho KEY=1 > .env\necho '{\"summary\": \"x\"}' > \"$LORELEY_RESULT\"\n");
        program(
                "evaluate.sh",
                "#!/bin/sh\nread -r value < value.txt\necho \"{\\\"metrics\\\": {\\\"value\\\": $value}}\" > \"$LORELEY_RESULT\"\n");

        EndReport report = run(8, """
                agents:
                  - {name: good, agent: {command: ["${project}/good.sh"]}}
                  - {name: bad, agent: {command: ["${project}/bad.sh"]}}
                agents-strategy: bandit
                commit: {author: Ada, email: ada@example.org}
                """);

        Map<FailureKind, Long> failures = report.status().failures();
        assertThat(failures).containsOnlyKeys(FailureKind.FORBIDDEN_CHANGE);
        assertThat(values("SELECT DISTINCT agent FROM job_stages WHERE stage = 'CODE' ORDER BY 1"))
                .containsExactly("bad", "good");
        assertThat(values("SELECT DISTINCT agent FROM evolution_jobs WHERE status = 'FAILED'"))
                .containsExactly("bad");
        assertThat(values("SELECT last_error FROM evolution_jobs WHERE status = 'FAILED' LIMIT 1")
                        .getFirst())
                .contains(".env: '.env' of commit.deny");
        assertThat(
                        values(
                                "SELECT DISTINCT author || ': ' || subject FROM commit_cards WHERE parent_commit_hash IS NOT NULL"))
                .containsExactly("Ada: a larger value");
    }

    private EndReport run(int jobs, String more) throws IOException {
        Files.writeString(project.resolve("loreley.yaml"), """
                name: sample
                goal: A larger value.
                repository: ../source
                import: true
                evaluator: {command: ["${project}/evaluate.sh"]}
                objective: {metric: value, direction: maximize}
                """ + more);
        String url = postgres.url()
                .jdbc()
                .replace(
                        "jdbc:postgresql://",
                        "postgresql://%s:%s@"
                                .formatted(postgres.url().user(), postgres.url().password()));
        MachineSettings machine = new MachineSettings(folder.resolve("home"), new Secret(url), 1, "info");
        Map<String, Source> flags = Map.of("budget.jobs", new Source("--jobs", "" + jobs));
        return new LocalEngine(InstantSource.system(), System.getenv())
                .run(
                        Project.load(project, flags, Map.of()),
                        machine,
                        ExperimentChoice.ASK,
                        null,
                        new Silence(),
                        new GracefulStop(() -> {}));
    }

    private List<String> values(String sql) throws SQLException {
        try (var connection = postgres.database().dataSource().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    private void program(String name, String text) throws IOException {
        Path file = Files.writeString(project.resolve(name), text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static final class Silence implements Display {

        @Override
        public void on(RunEvent event) {}

        @Override
        public void finish(EndReport report) {}

        @Override
        public void close() {}
    }
}
