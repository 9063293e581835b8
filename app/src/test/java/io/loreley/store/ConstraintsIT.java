package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.CommitCard;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.Experiment;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Repository;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule of the schema is broken once, and names itself. */
@Execution(ExecutionMode.CONCURRENT)
class ConstraintsIT {

    @RegisterExtension
    static final TestDatabase POSTGRES = new TestDatabase();

    /** Breaks a rule by setting a column of the one row of a table to a value that is SQL. */
    private static final Map<String, List<String>> BREACHES = Map.ofEntries(
            Map.entry("repositories", List.of("slug = ''", "extra = '[]'")),
            Map.entry("experiments", List.of("config_hash = ''", "name = ''", "project = ''", "config_snapshot = '1'")),
            Map.entry(
                    "evolution_jobs",
                    List.of(
                            "kind = 'OTHER'",
                            "base_commit_hash = ''",
                            "sampling_initial_radius = -1",
                            "sampling_radius_used = -1",
                            "sampling_fallback_inspirations = -1",
                            "draw = -1",
                            "attempt = -1, lost_attempts = -1",
                            "lost_attempts = 1",
                            "result_commit_hash = ''",
                            "ingestion_attempts = -1",
                            "ingestion_cell_index = -1",
                            "ingestion_delta = 'NaN'",
                            "retries = -1",
                            "agent = ''",
                            "completed_at = now()",
                            "ingestion_status = 'skipped'")),
            Map.entry(
                    "commit_cards",
                    List.of(
                            "commit_hash = ''",
                            "subject = ''",
                            "change_summary = ''",
                            "verdict = 'OTHER'",
                            "verdict_stage = ''",
                            "verdict_reason = ''",
                            "feedback = ''",
                            "holdout = 'OTHER'",
                            "holdout_reason = ''")),
            Map.entry(
                    "metrics",
                    List.of(
                            "name = ''",
                            "value = 'NaN'",
                            "details = '\"text\"'",
                            "samples = 0",
                            "deviation = -1",
                            "samples = 2, deviation = 'NaN'")),
            Map.entry(
                    "commit_chunk_summaries",
                    List.of("start_commit_hash = ''", "end_commit_hash = ''", "block_size = 0", "step_count = -1")),
            Map.entry("map_elites_states", List.of("island_id = ''", "snapshot = 'null'")),
            Map.entry(
                    "map_elites_archive_cells",
                    List.of(
                            "island_id = ''",
                            "cell_index = -1",
                            "commit_hash = ''",
                            "objective = 'Infinity'",
                            "threshold = '-Infinity'",
                            "measures = '{1,NaN}'",
                            "solution = '{Infinity}'",
                            "timestamp = 'Infinity'",
                            "projection_version = -1")),
            Map.entry(
                    "map_elites_pca_history",
                    List.of(
                            "island_id = ''",
                            "commit_hash = ''",
                            "vector = '{NaN}'",
                            "objective = 'NaN'",
                            "last_seen_at = '-Infinity'",
                            "metric_values = '{NaN}'")),
            Map.entry("island_migrations", List.of("number = 0", "offered = -1")),
            Map.entry(
                    "island_migrants",
                    List.of("from_island = ''", "to_island = ''", "commit_hash = ''", "cell_index = -1")),
            Map.entry("evaluations", List.of("tree_hash = ''", "evaluator_hash = ''", "result = '[]'")),
            Map.entry("api_tokens", List.of("name = ''", "role = 'OTHER'", "hash = 'x'")),
            Map.entry(
                    "job_stages",
                    List.of(
                            "attempt = 0",
                            "stage = 'OTHER'",
                            "worker = ''",
                            "agent = ''",
                            "calls = -1",
                            "unpriced_calls = -1",
                            "input_tokens = -1",
                            "cached_input_tokens = -1",
                            "output_tokens = -1",
                            "cost_usd = -1",
                            "outcome = 'OTHER', ended_at = now()",
                            "result = '[]'",
                            "commit_hash = ''")),
            Map.entry("audit_log", List.of("actor = ''", "action = ''")),
            Map.entry("commit_marks", List.of("commit_hash = ''", "mark = 'OTHER'")),
            Map.entry("hints", List.of("island_id = ''", "kind = 'OTHER'", "text = ''")),
            Map.entry("workers", List.of("name = ''", "slots = 0")),
            Map.entry("scheduler_leases", List.of("epoch = 0")),
            Map.entry("sent_projects", List.of("files_commit = ''", "settings_file = ''", "version = ''")),
            Map.entry("set_aside", List.of("table_name = ''", "reason = ''", "row_data = '[]'")),
            Map.entry("best_history", List.of("objective = 'NaN'", "commit_hash = ''", "draw = -1")),
            Map.entry(
                    "map_elites_file_embedding_cache", List.of("blob_sha = ''", "dimensions = 0", "vector = '{NaN}'")),
            Map.entry(
                    "map_elites_repo_state_aggregates",
                    List.of("commit_hash = ''", "file_count = -1", "sum_vector = '{-Infinity}'")));

    private static final String EXPERIMENT = "00000000-0000-0002-0000-000000000001";
    private static final String JOB = "00000000-0000-0003-0000-000000000001";

    @BeforeAll
    static void store() {
        Repository repository = Rows.repository(1);
        Experiment experiment = Rows.experiment(repository, 1);
        EvolutionJob job = Rows.job(experiment, 1);
        CommitCard card = Rows.card(experiment, job, 1);
        POSTGRES.database().transaction(session -> {
            session.insertMultiple(List.of(repository, experiment, job, card));
            Stream.of(
                            "metrics (id, commit_card_id, name, value) VALUES ('%s', '%s', 'm', 1)"
                                    .formatted(card.id(), card.id()),
                            "commit_chunk_summaries VALUES ('%s', 'a', 'b', 8, '', 1, 's')".formatted(EXPERIMENT),
                            "map_elites_states VALUES ('%s', 'main')".formatted(EXPERIMENT),
                            "map_elites_archive_cells VALUES ('%s', 'main', 0, 'c')".formatted(EXPERIMENT),
                            "map_elites_pca_history VALUES ('%s', 'main', 'c')".formatted(EXPERIMENT),
                            "best_history VALUES ('%s', 1, 'c', 0, now())".formatted(EXPERIMENT),
                            "map_elites_file_embedding_cache VALUES ('%s', 'b', 'm', 1)".formatted(EXPERIMENT),
                            "map_elites_repo_state_aggregates VALUES ('%s', 'c')".formatted(EXPERIMENT),
                            "evaluations VALUES ('%s', 't', 'e', '{}')".formatted(EXPERIMENT),
                            "job_stages (job_id, attempt, stage, experiment_id, worker, started_at) VALUES ('%s', 1, 'PLAN', '%s', 'w', now())"
                                    .formatted(JOB, EXPERIMENT),
                            "audit_log (experiment_id, actor, action) VALUES ('%s', 'ann', 'pause')"
                                    .formatted(EXPERIMENT),
                            "commit_marks (experiment_id, commit_hash, mark) VALUES ('%s', 'c', 'PINNED')"
                                    .formatted(EXPERIMENT),
                            "hints (experiment_id, kind, text) VALUES ('%s', 'HINT', 'try it')".formatted(EXPERIMENT),
                            "workers (name, host, pid, version, slots, started_at, last_seen_at) VALUES ('w', 'h', 1, '1', 1, now(), now())",
                            "scheduler_leases (experiment_id, epoch, holder, backend_pid) VALUES ('%s', 1, 'w', 1)"
                                    .formatted(EXPERIMENT),
                            "sent_projects (experiment_id, files_commit, settings_file, version) VALUES ('%s', 'c', 'f', '1')"
                                    .formatted(EXPERIMENT),
                            "island_migrations VALUES ('%s', 1, 1, now())".formatted(EXPERIMENT),
                            "island_migrants VALUES ('%s', 1, 'main', 'other', 'c', 0)".formatted(EXPERIMENT),
                            "api_tokens (id, name, role, hash) VALUES ('%s', 'n', 'READ', sha256('x'))"
                                    .formatted(EXPERIMENT),
                            "set_aside (table_name, reason, row_data) VALUES ('metrics', 'NaN', '{}')")
                    .forEach(rows -> session.createNativeMutationQuery("INSERT INTO " + rows)
                            .executeUpdate());
            return true;
        });
    }

    static Stream<Arguments> breaches() {
        return BREACHES.entrySet().stream()
                .flatMap(table -> table.getValue().stream().map(change -> Arguments.of(table.getKey(), change)));
    }

    @ParameterizedTest
    @MethodSource("breaches")
    void a_row_that_breaks_a_rule_is_refused_by_its_name(String table, String change) {
        assertThatThrownBy(() -> execute("UPDATE %s SET %s".formatted(table, change)))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATABASE))
                .hasMessageMatching("the database refused a row of %s, because of its rule \\w+".formatted(table));
    }

    @Test
    void every_rule_on_one_column_is_broken_above() {
        List<String> columns = POSTGRES.database()
                .transaction(
                        session -> session.createNativeQuery("""
                                SELECT r.relname || '.' || a.attname
                                FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
                                JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = c.conkey[1]
                                WHERE c.contype = 'c' AND cardinality(c.conkey) = 1""", String.class).getResultList());

        assertThat(columns)
                .hasSizeGreaterThan(40)
                .allSatisfy(column -> assertThat(breaches()
                                .flatMap(breach -> Arrays.stream(((String) breach.get()[1]).split(", "))
                                        .map(change -> breach.get()[0] + "." + change.split(" =")[0])))
                        .contains(column));
    }

    @ParameterizedTest
    @CsvSource({
        "PENDING,   RUNNING",
        "PENDING,   SUCCEEDED",
        "PENDING,   FAILED",
        "QUEUED,    PENDING",
        "QUEUED,    SUCCEEDED",
        "QUEUED,    FAILED",
        "RUNNING,   PENDING",
        "SUCCEEDED, QUEUED",
        "FAILED,    QUEUED",
        "CANCELLED, QUEUED",
        "CANCELLED, RUNNING",
    })
    void an_edge_that_is_not_drawn_is_refused(String from, String to) {
        assertThatThrownBy(() -> POSTGRES.database().transaction(session -> {
                    walk(session, from);
                    return session.createNativeMutationQuery(move(to)).executeUpdate();
                }))
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining("a job cannot move from %s to %s".formatted(from, to));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PENDING", "QUEUED", "RUNNING"})
    void a_job_that_is_not_final_can_be_cancelled(String from) {
        assertThatThrownBy(() -> POSTGRES.database().transaction(session -> {
                    walk(session, from);
                    assertThat(session.createNativeMutationQuery(move("CANCELLED"))
                                    .executeUpdate())
                            .isOne();
                    throw new Undo();
                }))
                .isInstanceOf(Undo.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RUNNING | SET status = 'SUCCEEDED', completed_at = now() | ck_jobs_succeeded_has_result",
                "RUNNING | SET status = 'FAILED', completed_at = now() | ck_jobs_failed_says_why",
                "RUNNING | SET status = 'FAILED', failure_kind = 'GIT', last_error = 'x' | ck_jobs_final_has_end",
                "QUEUED  | SET status = 'RUNNING', attempt = 1 | ck_jobs_running_has_worker",
                "RUNNING | SET ingestion_status = 'skipped' | ck_jobs_ingested_only_after_success",
            })
    void a_state_without_its_columns_is_refused(String from, String change, String rule) {
        assertThatThrownBy(() -> POSTGRES.database().transaction(session -> {
                    walk(session, from);
                    return session.createNativeMutationQuery("UPDATE evolution_jobs " + change)
                            .executeUpdate();
                }))
                .isInstanceOf(LoreleyException.class)
                .hasMessage("the database refused a row of evolution_jobs, because of its rule " + rule);
    }

    @ParameterizedTest
    @CsvSource({
        "repositories,   slug,           255",
        "evolution_jobs, goal,           512",
        "commit_cards,   subject,        72",
        "commit_cards,   change_summary, 512",
        "metrics,        unit,           32",
    })
    void a_text_that_is_too_long_is_refused_not_cut(String table, String column, int length) {
        assertThatThrownBy(() -> execute("UPDATE %s SET %s = repeat('x', %d)".formatted(table, column, length + 1)))
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining("longer than its column")
                .hasMessageContaining("(%d)".formatted(length));
    }

    @Test
    void a_row_that_lacks_a_value_or_its_owner_is_refused() {
        assertThatThrownBy(() -> execute("UPDATE commit_cards SET subject = NULL"))
                .hasMessage("the database refused a row of commit_cards without subject");
        assertThatThrownBy(() -> execute("UPDATE commit_cards SET experiment_id = '%s'".formatted(JOB)))
                .hasMessageContaining("is not present in table \"experiments\"");
    }

    @Test
    void one_draw_number_is_one_job() {
        assertThatThrownBy(() -> execute("""
                        INSERT INTO evolution_jobs (id, experiment_id, draw)
                        SELECT gen_random_uuid(), experiment_id, draw FROM evolution_jobs""")).hasMessageContaining("because of its rule uq_evolution_jobs_draw");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "repositories         | id, 'other', extra                                             | id, slug, extra                               | repositories_pkey",
                "commit_cards         | gen_random_uuid(), commit_hash, experiment_id, 'S', 'C'        | id, commit_hash, experiment_id, subject, change_summary | uq_commit_cards_experiment_commit_hash",
                "metrics              | gen_random_uuid(), commit_card_id, name, 2                     | id, commit_card_id, name, value               | uq_metric_commit_card_name",
                "experiments          | gen_random_uuid(), repository_id, config_hash                  | id, repository_id, config_hash                | uq_experiments_repo_config",
                "experiments          | gen_random_uuid(), repository_id, 'other', name                | id, repository_id, config_hash, name          | uq_experiments_repo_name",
                "map_elites_states    | experiment_id, island_id                                       | experiment_id, island_id                      | map_elites_states_pkey",
                "map_elites_archive_cells | experiment_id, island_id, cell_index, 'other'              | experiment_id, island_id, cell_index, commit_hash | map_elites_archive_cells_pkey",
                "map_elites_archive_cells | experiment_id, island_id, 99, commit_hash                  | experiment_id, island_id, cell_index, commit_hash | uq_archive_cells_commit",
                "map_elites_pca_history | experiment_id, island_id, commit_hash                        | experiment_id, island_id, commit_hash         | map_elites_pca_history_pkey",
                "map_elites_file_embedding_cache | experiment_id, blob_sha, embedding_model, 2         | experiment_id, blob_sha, embedding_model, dimensions | map_elites_file_embedding_cache_pkey",
                "map_elites_repo_state_aggregates | experiment_id, commit_hash                         | experiment_id, commit_hash                    | map_elites_repo_state_aggregates_pkey",
                "commit_chunk_summaries | experiment_id, start_commit_hash, end_commit_hash, block_size, model, 2, '' | experiment_id, start_commit_hash, end_commit_hash, block_size, model, step_count, summary | commit_chunk_summaries_pkey",
            })
    void what_is_unique_is_refused_a_second_time(String table, String values, String columns, String rule) {
        assertThatThrownBy(() ->
                        execute("INSERT INTO %1$s (%3$s) SELECT %2$s FROM %1$s".formatted(table, values, columns)))
                .isInstanceOf(LoreleyException.class)
                .hasMessageStartingWith(
                        "the database refused a row of %s, because of its rule %s: Key ".formatted(table, rule));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "53100 | the database at .* has no room left: .*",
                "53200 | the database at .* has no room left: .*",
                "40P01 | two transactions stood in each other's way, .* it may be tried again: .*",
                "40001 | two transactions stood in each other's way, .* it may be tried again: .*",
                "57P01 | the connection to .* was lost: .*",
            })
    void a_failure_of_the_server_says_what_it_means(String state, String message) {
        assertThatThrownBy(() ->
                        execute("DO $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '%s'; END $$"
                                .formatted(state)))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATABASE))
                .hasMessageMatching("(?s)" + message);
    }

    private static void walk(org.hibernate.StatelessSession session, String to) {
        List<String> path = switch (to) {
            case "PENDING" -> List.of();
            case "QUEUED" -> List.of("QUEUED");
            case "RUNNING" -> List.of("QUEUED", "RUNNING");
            case "CANCELLED" -> List.of("CANCELLED");
            default -> List.of("QUEUED", "RUNNING", to);
        };
        path.forEach(status -> session.createNativeMutationQuery(move(status)).executeUpdate());
    }

    private static String move(String status) {
        return "UPDATE evolution_jobs SET status = '%s'".formatted(status)
                + switch (status) {
                    case "RUNNING" -> ", worker = 'w', started_at = now(), attempt = 1";
                    case "SUCCEEDED" -> ", result_commit_hash = 'c', completed_at = now()";
                    case "FAILED" -> ", failure_kind = 'GIT', last_error = 'x', completed_at = now()";
                    case "CANCELLED" -> ", completed_at = now()";
                    default -> "";
                };
    }

    private static void execute(String sql) {
        POSTGRES.database()
                .transaction(session -> session.createNativeMutationQuery(sql).executeUpdate());
    }

    private static final class Undo extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
