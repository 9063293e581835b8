package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.cli.display.EndReport;
import io.loreley.cli.display.QuietDisplay;
import io.loreley.cli.settings.Source;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Secret;
import io.loreley.llm.StandIn;
import io.loreley.store.TestDatabase;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whole runs with other archives, axes and islands than the usual. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class SpaceIT {

    private static final String AGENT = """
            #!/bin/sh
            seed=$(sed -n 's/.*"seed" *: *\\([0-9]*\\).*/\\1/p' "$LORELEY_REQUEST" | head -n 1)
            echo "$seed" > value.txt
            echo '{"summary": "set the value"}' > "$LORELEY_RESULT"
            """;
    /** A third of the values has no size. */
    private static final String EVALUATOR = """
            #!/bin/sh
            read -r value < value.txt
            size=", \\"size\\": ${#value}, \\"last\\": $((value % 10))"
            if [ $((value % 3)) = 2 ]; then size=""; fi
            echo "{\\"summary\\": \\"read it\\", \\"metrics\\": {\\"value\\": $value$size}}" > "$LORELEY_RESULT"
            """;

    @RegisterExtension
    private final TestDatabase postgres = new TestDatabase();

    @TempDir
    private Path folder;

    private Path project;

    @BeforeEach
    void project() throws IOException {
        project = Files.createDirectories(folder.resolve("project"));
        program("agent.sh", AGENT);
        program("evaluate.sh", EVALUATOR);
        Path repository = Files.createDirectories(folder.resolve("repository"));
        Files.writeString(repository.resolve("value.txt"), "1\n");
    }

    @Test
    void islands_take_turns_and_send_elites_round_the_ring_once() throws Exception {
        settings("search: {islands: 3, seeds: 1, migration-interval: 4, migrants: 1}");

        EndReport first = run(13);

        assertThat(
                        rows(
                                "SELECT DISTINCT draw % 3 || ' ' || island_id FROM evolution_jobs WHERE draw IS NOT NULL ORDER BY 1"))
                .containsExactly("0 main", "1 island-2", "2 island-3");
        assertThat(rows("SELECT kind || ' ' || count(*) FROM evolution_jobs GROUP BY kind ORDER BY 1"))
                .containsExactly("EVOLVE 10", "ROOT 1", "SEED 3");
        assertThat(rows("SELECT island_id FROM map_elites_states ORDER BY 1"))
                .containsExactly("island-2", "island-3", "main");
        assertThat(rows("SELECT count(DISTINCT island_id) FROM map_elites_pca_history WHERE commit_hash ="
                        + " (SELECT result_commit_hash FROM evolution_jobs WHERE kind = 'ROOT')"))
                .containsExactly("3");
        assertThat(first.status().cells()).isEqualTo(3 * 16);
        assertThat(first.status().elites()).isEqualTo(number("SELECT count(*) FROM map_elites_archive_cells"));
        assertThat(rows("SELECT number || ' ' || offered FROM island_migrations ORDER BY number"))
                .containsExactly("1 4", "2 8", "3 12");
        assertThat(rows("SELECT DISTINCT from_island || ' ' || to_island FROM island_migrants ORDER BY 1"))
                .isSubsetOf("island-2 island-3", "island-3 main", "main island-2")
                .isNotEmpty();

        run(13);
        assertThat(number("SELECT count(*) FROM island_migrations")).isEqualTo(3);

        // As if the process had died between the commit that was the cause of a migration and the migration.
        execute("DELETE FROM island_migrations WHERE number = 3");
        run(15);
        assertThat(rows("SELECT number || ' ' || offered FROM island_migrations ORDER BY number"))
                .containsExactly("1 4", "2 8", "3 14", "4 16");
    }

    @Test
    void metrics_are_axes_and_what_lacks_one_is_left_out_with_the_reason() throws Exception {
        settings("search: {measures: [size, \"last from 0 to 10\"], cells-per-dimension: 10}");

        EndReport report = run(24);
        run(30);

        long lacking = number("SELECT count(*) FROM commit_cards c WHERE NOT EXISTS"
                + " (SELECT FROM metrics m WHERE m.commit_card_id = c.id AND m.name = 'size')");
        assertThat(lacking).isPositive();
        assertThat(report.status().jobs().failed()).isZero();
        assertThat(number("SELECT count(*) FROM evolution_jobs WHERE ingestion_message ="
                        + " 'the evaluator reported no metric ''size'', which search.measures names as an axis'"))
                .isEqualTo(lacking);
        assertThat(number("SELECT count(*) FROM evolution_jobs WHERE ingestion_status IS NULL"))
                .isZero();
        assertThat(rows("SELECT DISTINCT vector::text FROM map_elites_pca_history"))
                .containsExactly("{}");
        assertThat(rows("SELECT DISTINCT measures[2] = metric_values[2] / 10 FROM map_elites_archive_cells"
                        + " JOIN map_elites_pca_history USING (experiment_id, island_id, commit_hash)"))
                .containsExactly("t");
        assertThat(rows("SELECT count(DISTINCT projection_version) FROM map_elites_archive_cells"))
                .containsExactly("1");
        assertThat(number("SELECT (snapshot ->> 'layout_version')::int FROM map_elites_states"))
                .isBetween(5L, 40L);
    }

    @Test
    void a_root_that_lacks_an_axis_ends_the_run() throws Exception {
        Files.writeString(folder.resolve("repository/value.txt"), "8\n");
        settings("search: {measures: [size]}");

        assertThatThrownBy(() -> run(3))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.EVALUATOR_OUTPUT))
                .hasMessageContaining("no metric 'size'");
    }

    @Test
    void a_tessellation_keeps_its_cells_over_restarts() throws Exception {
        settings("search: {archive: cvt, cells: 9, measures: [learned, last]}");
        run(8);
        List<String> before = rows("SELECT snapshot ->> 'centroids' FROM map_elites_states");
        assertThat(number("SELECT jsonb_array_length(snapshot -> 'centroids') FROM map_elites_states"))
                .isEqualTo(9);

        EndReport second = run(20);

        assertThat(rows("SELECT snapshot ->> 'centroids' FROM map_elites_states"))
                .isEqualTo(before);
        assertThat(second.status().cells()).isEqualTo(9);
        assertThat(number("SELECT max(cell_index) FROM map_elites_archive_cells"))
                .isLessThan(9);
        assertThat(number("SELECT DISTINCT cardinality(measures) FROM map_elites_archive_cells"))
                .isEqualTo(3);
    }

    @Test
    void a_model_behind_an_endpoint_is_asked_once_for_each_text() throws Exception {
        try (StandIn model = new StandIn(StandIn::embeddings)) {
            settings("""
                    embedding: {kind: openai, model: small, dimensions: 16, batch: 2}
                    llm: {base-url: "%s"}
                    """.formatted(model.url()));
            run(6);
            run(10);

            List<String> texts = model.asked().stream()
                    .flatMap(asked -> asked.texts().stream())
                    .filter(text -> !text.startsWith("int answer"))
                    .toList();
            assertThat(texts).doesNotHaveDuplicates().hasSize(11);
            assertThat(rows("SELECT DISTINCT dimensions || ' ' || split_part(embedding_model, '@', 1)"
                            + " FROM map_elites_file_embedding_cache"))
                    .singleElement()
                    .asString()
                    .matches("16 openai:small#[0-9a-f]{8}/16");
        }
    }

    @Test
    void a_refused_key_ends_the_run_before_any_job() throws Exception {
        try (StandIn model = new StandIn(_ -> StandIn.Answer.error(401, "who are you?"))) {
            settings("""
                    embedding: {kind: openai, model: small, dimensions: 16}
                    llm: {base-url: "%s"}
                    """.formatted(model.url()));

            assertThatThrownBy(() -> run(3))
                    .isInstanceOfSatisfying(
                            LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                    .hasMessageContaining("OPENAI_API_KEY");
        }
        assertThat(number("SELECT count(*) FROM evolution_jobs")).isZero();
    }

    private EndReport run(int jobs) {
        Map<String, Source> flags = Map.of("budget.jobs", new Source("--jobs", Integer.toString(jobs)));
        String url = postgres.url()
                .jdbc()
                .replace(
                        "jdbc:postgresql://",
                        "postgresql://%s:%s@"
                                .formatted(postgres.url().user(), postgres.url().password()));
        MachineSettings machine = new MachineSettings(folder.resolve("home"), new Secret(url), 2, "info");
        return new LocalEngine(InstantSource.system(), System.getenv())
                .run(
                        Project.load(project, flags, Map.of()),
                        machine,
                        ExperimentChoice.ASK,
                        null,
                        new QuietDisplay(new PrintStream(PrintStream.nullOutputStream())),
                        new GracefulStop(() -> {}));
    }

    private void settings(String more) throws IOException {
        Files.writeString(project.resolve("loreley.yaml"), """
                name: sample
                goal: A larger value.
                repository: ../repository
                import: true
                agent: {command: ["${project}/agent.sh"], timeout: 10s}
                evaluator: {command: ["${project}/evaluate.sh"], timeout: 10s}
                objective: {metric: value, direction: maximize}
                """ + more + "\n");
    }

    private void program(String name, String text) throws IOException {
        Path file = Files.writeString(project.resolve(name), text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private long number(String query) throws SQLException {
        return Long.parseLong(rows(query).getFirst());
    }

    private List<String> rows(String query) throws SQLException {
        try (var connection = postgres.database().dataSource().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    private void execute(String sql) throws SQLException {
        try (var connection = postgres.database().dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
