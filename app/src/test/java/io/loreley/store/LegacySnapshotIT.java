package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Projection;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Snapshots of the Python system are migrated when they are first read. */
@Execution(ExecutionMode.CONCURRENT)
class LegacySnapshotIT {

    private static final String FIRST = "a".repeat(40);
    private static final String SECOND = "b".repeat(40);
    private static final String THIRD = "c".repeat(40);

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private StoredSearch search;

    @BeforeEach
    void open() {
        search = new StoredSearch(postgres.database());
    }

    @Test
    void a_whole_snapshot_becomes_rows() {
        store("""
                {"island_id": "main", "lower_bounds": [0, 0], "upper_bounds": [1, 1], "note": {"of": "mine"},
                 "history": [{"commit_hash": "%1$s", "vector": [3, 4], "embedding_model": "m"},
                             {"commit_hash": "%2$s", "vector": [1, 0], "code_model": "old"}],
                 "projection": null,
                 "archive": [{"index": 5, "objective": 2.5, "measures": [0.1, 0.2], "solution": [0.1, 0.2], "commit_hash": "%2$s", "timestamp": 99.5},
                             {"index": "7", "measures": [0.3, 0.4], "solution": [0.3, 0.4], "commit_hash": "%1$s"}]}
                """.formatted(FIRST, SECOND));

        StoredIsland island = load();

        assertThat(island.layout()).isNull();
        assertThat(island.elites())
                .extracting(StoredElite::cell, StoredElite::objective, StoredElite::measures, StoredElite::placedAt)
                .containsExactly(tuple(5L, 2.5, Vector.of(0.1, 0.2), 99.5), tuple(7L, 0.0, Vector.of(0.3, 0.4), 0.0));
        assertThat(island.history())
                .extracting(StoredObservation::observation)
                .extracting(
                        seen -> seen.commit().value(),
                        Observation::objective,
                        seen -> seen.traits().embedding(),
                        Observation::model)
                .containsExactly(tuple(FIRST, 0.0, Vector.of(3, 4), "m"), tuple(SECOND, 2.5, Vector.of(1, 0), "old"));
        double now = Rows.NOON.getEpochSecond();
        assertThat(search.value(
                        "SELECT string_agg(last_seen_at::text, ' ' ORDER BY last_seen_at) FROM map_elites_pca_history"))
                .isEqualTo("%.0f %.0f".formatted(now - 1, now));
        assertThat(snapshot("- ARRAY['last_update_at', 'last_migrated_at']")).isEqualTo("""
                        {"note": {"of": "mine"}, "island_id": "main", "projection": null, "lower_bounds": [0, 0], "upper_bounds": [1, 1], "schema_version": 2, "storage_backend": "cells_history_v2"}""");
        assertThat(Double.parseDouble(snapshot("->> 'last_migrated_at'"))).isEqualTo(now);
    }

    @Test
    void a_second_read_finds_the_same_and_changes_nothing() {
        store("""
                {"archive": [{"index": 5, "objective": 2, "measures": [0.5], "solution": [0.5], "commit_hash": "%s"}, 3],
                 "history": [{"commit_hash": "%s", "vector": [3, 4]}]}""".formatted(FIRST, FIRST));
        StoredIsland first = load();
        String stored = snapshot("") + search.value("SELECT updated_at FROM map_elites_states");

        assertThat(load()).isEqualTo(first);
        assertThat(snapshot("") + search.value("SELECT updated_at FROM map_elites_states"))
                .isEqualTo(stored);
    }

    @Test
    void racing_readers_migrate_once_and_read_the_same() throws Exception {
        store("""
                {"archive": [{"index": 5, "objective": 2, "measures": [0.5], "solution": [0.5], "commit_hash": "%s"}, "?"],
                 "history": [{"commit_hash": "%s", "vector": [3, 4]}]}""".formatted(FIRST, FIRST));
        int readers = 6;
        var start = new CyclicBarrier(readers);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<StoredIsland> reader = () -> {
                start.await();
                return load();
            };
            var read = threads.invokeAll(
                    Stream.generate(() -> reader).limit(readers).toList());
            for (var island : read) {
                assertThat(island.get().elites()).hasSize(1);
                assertThat(island.get()).isEqualTo(read.getFirst().get());
            }
        }
        assertThat(search.value("SELECT jsonb_array_length(snapshot -> 'malformed') FROM map_elites_states"))
                .isEqualTo("1");
    }

    @Test
    void malformed_entries_are_kept_aside_with_the_reason_and_the_rest_is_read() {
        store("""
                {"schema_version": "one", "lower_bounds": [0],
                 "archive": [17,
                    {"objective": 1, "measures": [0.1], "commit_hash": "%1$s"},
                    {"index": 1, "objective": null, "measures": [0.1], "commit_hash": "%1$s"},
                    {"index": 1, "objective": 1, "measures": [], "commit_hash": "%1$s"},
                    {"index": 1, "objective": 1, "measures": ["x"], "commit_hash": "%1$s"},
                    {"index": "x", "objective": 1, "measures": [0.1], "commit_hash": "%1$s"},
                    {"index": 1.5, "objective": 1, "measures": [0.1], "commit_hash": "%1$s"},
                    {"index": -1, "objective": 1, "measures": [0.1], "commit_hash": "%1$s"},
                    {"index": 1, "objective": 1, "measures": [0.1], "commit_hash": ""},
                    {"index": 1, "objective": 1, "measures": [0.1], "commit_hash": "%1$s"},
                    {"index": 1, "objective": 9, "measures": [0.2], "commit_hash": "%2$s"},
                    {"index": 2, "objective": 9, "measures": [0.2], "commit_hash": "%1$s"},
                    {"index": 3, "objective": 9, "measures": [0.2, 0.3], "commit_hash": "%2$s"},
                    {"index": 4, "objective": 9, "measures": [0.2], "commit_hash": "%2$s"}],
                 "history": [null,
                    {"commit_hash": " ", "vector": [1, 2]},
                    {"commit_hash": "%1$s", "vector": {}},
                    {"commit_hash": "%1$s", "vector": [1, 2]},
                    {"commit_hash": "%2$s", "vector": [1, 2, 3]},
                    {"commit_hash": "%3$s", "vector": [2, 1]}]}""".formatted(FIRST, SECOND, THIRD));

        StoredIsland island = load();

        assertThat(island.elites()).extracting(StoredElite::cell).containsExactly(1L, 4L);
        assertThat(search.value("SELECT count(*) FROM map_elites_pca_history")).isEqualTo("2");
        assertThat(search.value("""
                SELECT string_agg(concat_ws(' ', m ->> 'section', m ->> 'position', m ->> 'reason'), E'\\n')
                FROM map_elites_states, jsonb_array_elements(snapshot -> 'malformed') m""").lines())
                .containsExactly(
                        "archive 0 not an object",
                        "archive 1 no index",
                        "archive 2 objective is no finite number",
                        "archive 3 measures is no list of numbers",
                        "archive 4 measures holds what is no number",
                        "archive 5 index x is no whole number",
                        "archive 6 index 1.5 is no whole number",
                        "archive 7 index -1 is negative",
                        "archive 8 not a full commit hash: ''",
                        "archive 10 cell 1 is listed before, at position 9",
                        "archive 11 commit %s is listed before, in another cell".formatted(FIRST),
                        "archive 12 2 values in measures, where the others have 1",
                        "history 0 not an object",
                        "history 1 not a full commit hash: ' '",
                        "history 2 vector is no list of numbers",
                        "history 4 3 values in vector, where the others have 2");
        assertThat(search.value("SELECT snapshot -> 'malformed' -> 0 ->> 'entry' FROM map_elites_states"))
                .isEqualTo("17");
    }

    @Test
    void the_old_projection_places_commits_where_it_placed_them() {
        search.execute("UPDATE experiments SET config_snapshot = '{\"mapelites_feature_truncation_k\": 2.0}'");
        store("""
                {"schema_version": 2, "storage_backend": "cells_history_v2",
                 "projection": {"feature_count": 3, "components": [[1, 0, 0], [0, 1, 0]], "mean": [0.5, 0, 0],
                    "explained_variance": [0.25, 0], "explained_variance_ratio": [1, 0], "sample_count": 32, "fitted_at": 12.5, "whiten": true}}""");
        search.execute("""
                INSERT INTO map_elites_archive_cells (experiment_id, island_id, cell_index, commit_hash, objective, measures, solution)
                VALUES ('%s', 'main', 3, '%s', 4, '{0.5,0.75}', '{0.5,0.75}')""".formatted(search.experiment.id(), FIRST));

        StoredIsland island = load();

        Projection projection =
                Objects.requireNonNull(Objects.requireNonNull(island.layout()).projection());
        // whitened (1 − 0.5) / 0.5 = 1, and the second axis, without variance, as it is; both of −2…2
        Vector measures = projection.project(Vector.of(1, -1, 9));
        assertThat(measures.get(0)).isCloseTo(0.75, within(1e-15));
        assertThat(measures.get(1)).isCloseTo(0.25, within(1e-15));
        assertThat(search.value("SELECT projection_version FROM map_elites_archive_cells"))
                .isEqualTo("1");
        assertThat(snapshot("-> 'projection' -> 'explained_variance_ratio'")).isEqualTo("[1, 0]");
    }

    @Test
    void an_elite_whose_embedding_the_history_let_go_of_gets_it_from_the_stored_sum() {
        search.execute("""
                INSERT INTO map_elites_repo_state_aggregates (experiment_id, commit_hash, file_count, sum_vector)
                VALUES ('%s', '%s', 4, '{2,4,8}')""".formatted(search.experiment.id(), FIRST));
        store("""
                {"archive": [{"index": 5, "objective": 2, "measures": [0.5], "solution": [0.5], "commit_hash": "%s"}], "history": []}
                """.formatted(FIRST));

        assertThat(load().history())
                .extracting(row -> row.observation().traits().embedding())
                .containsExactly(Vector.of(0.5, 1, 2));
    }

    @Test
    void lists_that_are_none_are_kept_aside() {
        store("{\"archive\": {\"a\": 1}, \"history\": []}");

        assertThat(load()).isEqualTo(StoredIsland.EMPTY);
        assertThat(snapshot("-> 'malformed'"))
                .isEqualTo(
                        "[{\"entry\": {\"a\": 1}, \"reason\": \"not a list\", \"section\": \"archive\", \"position\": 0}]");
    }

    @Test
    void an_unreadable_projection_is_kept_aside_and_the_elites_stay() {
        store("""
                {"projection": {"components": [[1, "x"]], "mean": [0, 0]},
                 "archive": [{"index": 5, "objective": 2, "measures": [0.5], "solution": [0.5], "commit_hash": "%s"}]}
                """.formatted(FIRST));

        assertThat(load().elites()).hasSize(1);
        assertThat(snapshot("-> 'malformed' -> 0 ->> 'section'")).isEqualTo("projection");
    }

    private StoredIsland load() {
        return search.archives.load(search.island);
    }

    private String snapshot(String path) {
        return search.value("SELECT snapshot %s FROM map_elites_states".formatted(path));
    }

    private void store(String snapshot) {
        search.execute("INSERT INTO map_elites_states (experiment_id, island_id, snapshot) VALUES ('%s', 'main', '%s')"
                .formatted(search.experiment.id(), snapshot));
    }
}
