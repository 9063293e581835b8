package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.cli.display.EndReport;
import io.loreley.cli.display.QuietDisplay;
import io.loreley.cli.settings.Secret;
import io.loreley.cli.settings.Source;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.store.DatabaseUrl;
import io.loreley.store.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An experiment that the Python system began goes on: its database, its commits, its open jobs. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PythonRunIT {

    private static final String LOST = "9".repeat(40);

    @TempDir
    private Path folder;

    private Path project;
    private Path repository;
    private DatabaseUrl url;
    private String root;
    private String elite;
    private String dangling;

    @BeforeEach
    void begin() throws Exception {
        url = TestDatabase.empty();
        project = Files.createDirectories(folder.resolve("project"));
        program("agent.sh", """
                #!/bin/sh
                seed=$(sed -n 's/.*"seed" *: *\\([0-9]*\\).*/\\1/p' "$LORELEY_REQUEST" | head -n 1)
                echo "$((seed % 40))" > value.txt
                echo '{"summary": "set the value"}' > "$LORELEY_RESULT"
                """);
        program("evaluate.sh", """
                #!/bin/sh
                read -r value < value.txt
                echo "{\\"summary\\": \\"read it\\", \\"metrics\\": {\\"value\\": $value}}" > "$LORELEY_RESULT"
                """);
        Files.writeString(project.resolve("loreley.yaml"), """
                name: sample
                goal: Another goal.
                repository: ../repository
                agent: {command: ["${project}/agent.sh"], timeout: 10s}
                evaluator: {command: ["${project}/evaluate.sh"], timeout: 10s}
                objective: {metric: value, direction: minimize}
                """);
        repository = Files.createDirectories(folder.resolve("repository"));
        git("init", "-q", "-b", "main");
        root = commit("1", "main");
        elite = commit("50", "evolution/job/1");
        dangling = commit("70", "evolution/job/2");
        git("branch", "-q", "-D", "evolution/job/2");
        execute(resource("schema.sql"));
        execute("""
                INSERT INTO repositories VALUES ('00000000-0000-0001-0000-000000000001', 'local/elsewhere', NULL, '/elsewhere', '{}');
                INSERT INTO experiments VALUES ('00000000-0000-0002-0000-000000000001', '00000000-0000-0001-0000-000000000001', repeat('1', 64), 'sample',
                    '{"experiment_snapshot_schema_version": 1, "mapelites_experiment_root_commit": "%1$s", "mapelites_repo_state_ignore_text": "",
                      "worker_evolution_global_goal": "The old goal.", "mapelites_fitness_metric": "value", "mapelites_fitness_higher_is_better": true,
                      "mapelites_seed_population_size": 2, "mapelites_archive_cells_per_dim": 4, "mapelites_dimensionality_target_dims": 3,
                      "mapelites_preprocess_allowed_extensions": [".txt"], "mapelites_archive_threshold_min": {"__float__": "-inf"}}', 'active');
                INSERT INTO evolution_jobs (id, status, base_commit_hash, island_id, experiment_id, inspiration_commit_hashes, constraints, acceptance_criteria,
                    notes, tags, is_seed_job, ingestion_attempts, priority, scheduled_at, completed_at, result_commit_hash, ingestion_status, created_at)
                SELECT format('00000000-0000-0003-0000-%%s', lpad(n::text, 12, '0'))::uuid, state::job_status, base, 'main',
                    '00000000-0000-0002-0000-000000000001', '{}', '{}', '{}', '{}', '{}', n < 3, 1, 0, now(), completed, result, ingestion, now() + n * interval '1 s'
                FROM (VALUES (1, 'SUCCEEDED', '%1$s', now(), '%2$s', 'succeeded'), (2, 'SUCCEEDED', '%1$s', now(), '%3$s', 'failed'),
                    (3, 'SUCCEEDED', '%1$s', now(), '%4$s', 'succeeded'), (4, 'SUCCEEDED', '%1$s', now(), '%1$s', 'skipped'),
                    (5, 'PENDING', '%2$s', NULL, NULL, NULL), (6, 'RUNNING', '%3$s', NULL, NULL, NULL), (7, 'QUEUED', '%4$s', NULL, NULL, NULL))
                    AS job (n, state, base, completed, result, ingestion);
                INSERT INTO commit_cards (id, commit_hash, experiment_id, job_id, subject, change_summary, tags, key_files, highlights)
                SELECT format('00000000-0000-0004-0000-%%s', lpad(n::text, 12, '0'))::uuid, commit, '00000000-0000-0002-0000-000000000001',
                    CASE WHEN n > 0 THEN format('00000000-0000-0003-0000-%%s', lpad(n::text, 12, '0'))::uuid END, 'A subject', 'A change', '{}', '{}', '{}'
                FROM (VALUES (0, '%1$s'), (1, '%2$s'), (2, '%3$s'), (3, '%4$s')) AS card (n, commit);
                INSERT INTO metrics (id, commit_card_id, name, value, higher_is_better, details)
                SELECT id, id, 'value', CASE right(id::text, 1) WHEN '1' THEN 50 WHEN '2' THEN 70 ELSE 90 END, true, '{}' FROM commit_cards WHERE job_id IS NOT NULL;
                INSERT INTO map_elites_states VALUES ('00000000-0000-0002-0000-000000000001', 'main', '{"schema_version": 2, "projection": null}');
                INSERT INTO map_elites_archive_cells VALUES ('00000000-0000-0002-0000-000000000001', 'main', 5, '%2$s', 50, '{0.5,0.5,0.5}', '{0.5,0.5,0.5}', 1);
                INSERT INTO map_elites_pca_history VALUES ('00000000-0000-0002-0000-000000000001', 'main', '%2$s', '{1,2,3,4,5}', 'text-embedding-3-small', 1);
                """.formatted(root, elite, dangling, LOST));
    }

    @AfterEach
    void drop() {
        TestDatabase.drop(url);
    }

    @Test
    void it_goes_on_when_the_user_says_so_and_keeps_what_was_found() throws Exception {
        assertThatThrownBy(() -> run(9, ExperimentChoice.ASK))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContaining("was begun by the Python Loreley")
                .hasMessageContaining("goal: \"Another goal.\" → \"The old goal.\"")
                .hasMessageContaining("objective.direction: \"minimize\" → \"maximize\"")
                .hasMessageContaining("search.cells-per-dimension: 8 → 4");
        assertThat(texts("SELECT config_hash FROM experiments")).containsExactly("1".repeat(64));

        EndReport report = run(9, ExperimentChoice.CONTINUE);

        // 70 was measured by the Python system, and no branch led to it any more
        assertThat(Objects.requireNonNull(report.status().best()).value()).isEqualTo(70);
        assertThat(Objects.requireNonNull(report.status().root()).value()).isEqualTo(1);
        assertThat(git("show", "loreley/best/sample:value.txt")).isEqualTo("70");
        assertThat(texts(
                        "SELECT concat_ws(' ', right(id::text, 2), status, attempt, lost_attempts, ingestion_status, ingestion_message, last_error)"
                                + " FROM evolution_jobs WHERE draw < 7 ORDER BY id"))
                .satisfies(jobs -> {
                    assertThat(jobs.get(0)).startsWith("01 SUCCEEDED 0 0 s");
                    assertThat(jobs.get(1)).startsWith("02 SUCCEEDED 0 0 succeeded");
                    assertThat(jobs.get(2))
                            .isEqualTo("03 SUCCEEDED 0 0 skipped its commit is not in the repository any more");
                    assertThat(jobs.get(3))
                            .startsWith(
                                    "04 SUCCEEDED 0 0 skipped its commit was recorded without the objective 'value'");
                    assertThat(jobs.get(4)).startsWith("05 SUCCEEDED 1 0 s");
                    assertThat(jobs.get(5)).startsWith("06 SUCCEEDED 2 1 s");
                    assertThat(jobs.get(6))
                            .startsWith("07 CANCELLED 0 0 a commit that it starts from is not in the repository");
                });
        assertThat(texts("SELECT count(*) FROM evolution_jobs WHERE kind = 'ROOT' AND status = 'SUCCEEDED'"))
                .containsExactly("1");
        assertThat(texts("SELECT max(draw) + 1 FROM evolution_jobs")).containsExactly("9");
        assertThat(texts("SELECT table_name FROM set_aside ORDER BY id"))
                .containsExactly("experiments", "map_elites_states", "map_elites_archive_cells", "commit_cards");

        EndReport second = run(11, ExperimentChoice.CONTINUE);

        assertThat(second.status().budget().drawn()).isEqualTo(11);
        assertThat(texts("SELECT count(*) FROM experiments")).containsExactly("1");
    }

    @Test
    void a_root_that_was_measured_is_not_measured_again() throws Exception {
        execute("INSERT INTO metrics (id, commit_card_id, name, value, higher_is_better, details)"
                + " SELECT gen_random_uuid(), id, 'value', 17, true, '{}' FROM commit_cards WHERE job_id IS NULL");

        EndReport report = run(8, ExperimentChoice.CONTINUE);

        assertThat(Objects.requireNonNull(report.status().root()).value()).isEqualTo(17);
        assertThat(texts("SELECT count(*) FROM evolution_jobs WHERE kind = 'ROOT'"))
                .containsExactly("1");
    }

    @Test
    void a_repository_without_its_root_is_refused_and_nothing_is_changed() throws Exception {
        execute(
                "UPDATE experiments SET config_snapshot = config_snapshot || '{\"mapelites_experiment_root_commit\": \"%s\"}'"
                        .formatted(LOST));

        assertThatThrownBy(() -> run(9, ExperimentChoice.CONTINUE))
                .hasMessageContaining("began at commit " + LOST)
                .hasMessageContaining("Name the repository that it evolved");
        assertThat(texts("SELECT config_hash FROM experiments")).containsExactly("1".repeat(64));
    }

    @Test
    void another_experiment_is_started_beside_it_when_the_user_says_so() throws Exception {
        EndReport report = run(1, ExperimentChoice.NEW);

        assertThat(report.status().budget().drawn()).isEqualTo(1);
        assertThat(texts("SELECT count(*) FROM experiments")).containsExactly("2");
        assertThat(texts(
                        "SELECT count(*) FROM map_elites_pca_history WHERE embedding_model = 'text-embedding-3-small'"))
                .containsExactly("1");
    }

    private EndReport run(int jobs, ExperimentChoice choice) {
        Map<String, Source> flags = Map.of("budget.jobs", new Source("--jobs", Integer.toString(jobs)));
        MachineSettings machine = new MachineSettings(
                folder.resolve("home"),
                new Secret(url.jdbc()
                        .replace("jdbc:postgresql://", "postgresql://%s:%s@".formatted(url.user(), url.password()))),
                2,
                "info");
        return new LocalEngine(InstantSource.system())
                .run(
                        Project.load(project, flags, Map.of()),
                        machine,
                        choice,
                        new QuietDisplay(
                                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)),
                        new GracefulStop(() -> {}));
    }

    private void program(String name, String text) throws IOException {
        Path file = Files.writeString(project.resolve(name), text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** A commit on a branch of its own. */
    private String commit(String value, String branch) throws Exception {
        Files.writeString(repository.resolve("value.txt"), value + "\n");
        git("add", ".");
        if (!branch.equals("main")) {
            git("checkout", "-q", "-b", branch);
        }
        git("-c", "user.name=Somebody", "-c", "user.email=s@example.org", "commit", "-q", "-m", "Set " + value);
        String commit = git("rev-parse", "HEAD");
        git("checkout", "-q", "main");
        return commit;
    }

    private String git(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("git"));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line)
                .directory(repository.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.strip();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url.jdbc(), url.user(), url.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> texts(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url.jdbc(), url.user(), url.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = PythonRunIT.class.getResourceAsStream("/python/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
