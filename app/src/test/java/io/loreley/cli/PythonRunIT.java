package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.cli.display.EndReport;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.store.DatabaseUrl;
import io.loreley.store.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An experiment that the Python system began goes on: its database, its commits, its open jobs. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class PythonRunIT {

    private static final String LOST = "9".repeat(40);

    @TempDir
    private Path folder;

    private SampleProject sample;
    private DatabaseUrl url;
    private String root;
    private String elite;
    private String dangling;

    @BeforeEach
    void begin() throws Exception {
        url = TestDatabase.empty();
        sample = new SampleProject(folder, url);
        sample.settings("Another goal.", "minimize");
        root = sample.commit("1", "main");
        elite = sample.commit("50", "evolution/job/1");
        dangling = sample.commit("70", "evolution/job/2");
        sample.git("branch", "-q", "-D", "evolution/job/2");
        sample.execute(resource("schema.sql"));
        sample.execute("""
                INSERT INTO repositories VALUES ('00000000-0000-0001-0000-000000000001', 'local/elsewhere', NULL, '/elsewhere', '{}');
                INSERT INTO experiments VALUES ('00000000-0000-0002-0000-000000000001', '00000000-0000-0001-0000-000000000001', repeat('1', 64), 'sample',
                    '{"experiment_snapshot_schema_version": 1, "mapelites_experiment_root_commit": "%1$s", "mapelites_repo_state_ignore_text": "",
                      "worker_evolution_global_goal": "The old goal.", "mapelites_fitness_metric": "value", "mapelites_fitness_higher_is_better": true,
                      "mapelites_seed_population_size": 2, "mapelites_archive_cells_per_dim": 6, "mapelites_dimensionality_target_dims": 3,
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
        assertThatThrownBy(() -> sample.run(9, ExperimentChoice.ASK))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContaining("was begun by the Python Loreley")
                .hasMessageContaining("goal: \"Another goal.\" → \"The old goal.\"")
                .hasMessageContaining("objective.direction: \"minimize\" → \"maximize\"")
                .hasMessageContaining("search.cells-per-dimension: 4 → 6");
        assertThat(sample.texts("SELECT config_hash FROM experiments")).containsExactly("1".repeat(64));

        EndReport report = sample.run(9, ExperimentChoice.CONTINUE);

        // 70 was measured by the Python system, and no branch led to it any more
        assertThat(Objects.requireNonNull(report.status().best()).value()).isEqualTo(70);
        assertThat(Objects.requireNonNull(report.status().root()).value()).isEqualTo(1);
        assertThat(sample.git("show", "loreley/best/sample:value.txt")).isEqualTo("70");
        assertThat(sample.texts(
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
        assertThat(sample.texts("SELECT count(*) FROM evolution_jobs WHERE kind = 'ROOT' AND status = 'SUCCEEDED'"))
                .containsExactly("1");
        assertThat(sample.texts("SELECT max(draw) + 1 FROM evolution_jobs")).containsExactly("9");
        assertThat(sample.texts("SELECT table_name FROM set_aside ORDER BY id"))
                .containsExactly("experiments", "map_elites_states", "map_elites_archive_cells", "commit_cards");

        EndReport second = sample.run(11, ExperimentChoice.CONTINUE);

        assertThat(second.status().budget().drawn()).isEqualTo(11);
        assertThat(sample.texts("SELECT count(*) FROM experiments")).containsExactly("1");
    }

    @Test
    void a_root_that_was_measured_is_not_measured_again() throws Exception {
        sample.execute("INSERT INTO metrics (id, commit_card_id, name, value, higher_is_better, details)"
                + " SELECT gen_random_uuid(), id, 'value', 17, true, '{}' FROM commit_cards WHERE job_id IS NULL");

        EndReport report = sample.run(8, ExperimentChoice.CONTINUE);

        assertThat(Objects.requireNonNull(report.status().root()).value()).isEqualTo(17);
        assertThat(sample.texts("SELECT count(*) FROM evolution_jobs WHERE kind = 'ROOT'"))
                .containsExactly("1");
    }

    @Test
    void a_repository_without_its_root_is_refused_and_nothing_is_changed() throws Exception {
        sample.execute(
                "UPDATE experiments SET config_snapshot = config_snapshot || '{\"mapelites_experiment_root_commit\": \"%s\"}'"
                        .formatted(LOST));

        assertThatThrownBy(() -> sample.run(9, ExperimentChoice.CONTINUE))
                .hasMessageContaining("began at commit " + LOST)
                .hasMessageContaining("Name the repository that it evolved");
        assertThat(sample.texts("SELECT config_hash FROM experiments")).containsExactly("1".repeat(64));
    }

    @Test
    void another_experiment_is_started_beside_it_when_the_user_says_so() throws Exception {
        EndReport report = sample.run(1, ExperimentChoice.NEW);

        assertThat(report.status().budget().drawn()).isEqualTo(1);
        assertThat(sample.texts("SELECT count(*) FROM experiments")).containsExactly("2");
        assertThat(sample.texts(
                        "SELECT count(*) FROM map_elites_pca_history WHERE embedding_model = 'text-embedding-3-small'"))
                .containsExactly("1");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = PythonRunIT.class.getResourceAsStream("/python/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
