package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.loreley.domain.CommitHash;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.FailureKind;
import io.loreley.domain.IngestionStatus;
import io.loreley.domain.LoreleyException;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Layout;
import io.loreley.mapelites.projection.Projection;
import io.loreley.mapelites.projection.Traits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class ArchivesIT {

    private static final Ingested DISCOVERED = new Ingested(IngestionStatus.SUCCEEDED, 1.5, 2, null, 7L);
    private static final Ingested REJECTED = new Ingested(IngestionStatus.SKIPPED, -0.5, 0, "not better", null);

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private StoredSearch search;
    private Archives archives;

    @BeforeEach
    void open() {
        search = new StoredSearch(postgres.database());
        archives = search.archives;
    }

    @Test
    void an_island_that_was_never_written_is_empty() {
        assertThat(archives.load(search.island)).isEqualTo(StoredIsland.EMPTY);
    }

    @Test
    void what_was_recorded_is_read_again_to_the_last_bit() {
        Projection projection = projection(1);
        rebuild(0, projection, elite(7, 0, 0.1 + 0.2, 0));
        place(1, elite(8, 1, Math.nextUp(1.0), 1));

        StoredIsland island = archives.load(search.island);

        assertThat(island.layout()).isEqualTo(Layout.of(projection));
        assertThat(island.elites()).containsExactly(elite(7, 0, 0.1 + 0.2, 0), elite(8, 1, Math.nextUp(1.0), 1));
        assertThat(island.history())
                .extracting(StoredObservation::observation)
                .containsExactly(seen(0, 0.1 + 0.2), seen(1, Math.nextUp(1.0)));
    }

    @Test
    void elites_come_back_in_the_order_in_which_cells_were_first_taken() {
        rebuild(0, projection(1), elite(9, 0, 1, 0));
        place(1, elite(3, 1, 1, 0));
        place(2, elite(9, 2, 2, 0));

        assertThat(archives.load(search.island).elites())
                .extracting(StoredElite::cell, StoredElite::commit)
                .containsExactly(tuple(9L, Rows.commit(2)), tuple(3L, Rows.commit(1)));
    }

    @Test
    void elites_of_one_rebuild_come_back_in_the_order_of_the_archive_that_was_written() {
        rebuild(0, projection(1), elite(9, 0, 1, 0), elite(3, 1, 1, 0), elite(7, 2, 1, 0), elite(1, 3, 1, 0));

        assertThat(archives.load(search.island).elites())
                .extracting(StoredElite::cell)
                .containsExactly(9L, 3L, 7L, 1L);
    }

    @Test
    void an_ingestion_says_what_became_of_the_job() {
        EvolutionJob job = search.succeeded(0);
        archives.record(
                search.island,
                job,
                DISCOVERED,
                new IslandChange.Rebuilt(seen(0, 1), Layout.of(projection(1)), List.of(), List.of()));

        var ingestion = search.find(job.id()).ingestion();
        assertThat(ingestion.status()).isEqualTo("succeeded");
        assertThat(ingestion.delta()).isEqualTo(1.5);
        assertThat(ingestion.statusCode()).isEqualTo(2);
        assertThat(ingestion.cellIndex()).isEqualTo(7);
        assertThat(ingestion.attempts()).isEqualTo(1);
        assertThat(archives.toIngest(search.experiment.id(), 10)).isEmpty();
        assertThat(archives.awaitingIngestion(search.experiment.id())).isZero();
    }

    @Test
    void a_better_elite_is_never_overwritten() {
        rebuild(0, projection(1), elite(7, 0, 2, 0));
        EvolutionJob worse = search.succeeded(1);

        for (double objective : new double[] {1, 2}) {
            assertThatThrownBy(() ->
                            archives.record(search.island, worse, DISCOVERED, placed(elite(7, 1, objective, 0), 1)))
                    .isInstanceOf(LoreleyException.class)
                    .hasMessageContaining("cell 7 of island main holds a better elite");
        }

        assertThat(archives.load(search.island).elites()).containsExactly(elite(7, 0, 2, 0));
    }

    @Test
    void an_elite_of_another_projection_is_never_overwritten() {
        rebuild(0, projection(2), elite(7, 0, 2, 0));
        EvolutionJob late = search.succeeded(1);

        assertThatThrownBy(() -> archives.record(search.island, late, DISCOVERED, placed(elite(7, 1, 3, 0), 1)))
                .isInstanceOf(LoreleyException.class);

        assertThat(archives.load(search.island).elites()).containsExactly(elite(7, 0, 2, 0));
    }

    @Test
    void a_cell_that_cannot_be_written_leaves_the_job_to_be_ingested_again() {
        rebuild(0, projection(1), elite(7, 0, 2, 0));
        EvolutionJob job = search.succeeded(1);

        assertThatThrownBy(() -> archives.record(search.island, job, DISCOVERED, placed(elite(7, 1, 1, 0), 1)))
                .isInstanceOf(LoreleyException.class);

        assertThat(archives.load(search.island).history())
                .extracting(StoredObservation::observation)
                .containsExactly(seen(0, 2));
        assertThat(archives.toIngest(search.experiment.id(), 10))
                .extracting(EvolutionJob::id)
                .containsExactly(job.id());
    }

    @Test
    void a_job_that_cannot_be_ingested_leaves_no_cell() {
        rebuild(0, projection(1), elite(7, 0, 2, 0));
        EvolutionJob running = search.find(search.running(1));

        assertThatThrownBy(() -> archives.record(search.island, running, DISCOVERED, placed(elite(8, 1, 1, 0), 1)))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INTERNAL));

        assertThat(archives.load(search.island).elites()).containsExactly(elite(7, 0, 2, 0));
        assertThat(archives.load(search.island).history()).hasSize(1);
    }

    @Test
    void a_rebuild_replaces_every_cell_and_keeps_what_else_the_snapshot_holds() {
        rebuild(0, projection(1), elite(7, 0, 2, 0), elite(8, 5, 9, 0));
        search.execute("UPDATE map_elites_states SET snapshot = snapshot || '{\"note\": \"kept\"}'");

        rebuild(1, projection(2), elite(8, 0, 2, 0), elite(1, 1, 1, 0));

        StoredIsland island = archives.load(search.island);
        assertThat(island.layout()).isEqualTo(Layout.of(projection(2)));
        assertThat(island.elites()).containsExactlyInAnyOrder(elite(8, 0, 2, 0), elite(1, 1, 1, 0));
        assertThat(search.value("SELECT snapshot ->> 'note' FROM map_elites_states"))
                .isEqualTo("kept");
        assertThat(search.value(
                        "SELECT string_agg(DISTINCT projection_version::text, ',') FROM map_elites_archive_cells"))
                .isEqualTo("2");
    }

    @Test
    void a_rebuild_lets_go_of_old_observations_but_not_of_elites() {
        rebuild(0, projection(1), elite(7, 0, 2, 0));
        IntStream.range(1, 8).forEach(this::reject);
        assertThat(search.value("SELECT count(*) FROM map_elites_pca_history")).isEqualTo("8");

        rebuild(8, projection(2), elite(7, 0, 2, 0));

        assertThat(archives.load(search.island).history())
                .extracting(row -> row.observation().commit())
                .containsExactly(commit(0), commit(5), commit(6), commit(7), commit(8));
        assertThat(search.value("SELECT count(*) FROM map_elites_pca_history")).isEqualTo("5");
        assertThat(search.value("SELECT count(*) FROM commit_cards")).isEqualTo("9");
    }

    @Test
    void a_change_that_forgets_lets_go_of_old_observations_though_nothing_is_placed_anew() {
        rebuild(0, projection(1), elite(7, 0, 2, 0));
        IntStream.range(1, 8).forEach(this::reject);

        archives.record(search.island, search.succeeded(8), REJECTED, new IslandChange.Unplaced(seen(8, 0), true));

        assertThat(search.value("SELECT string_agg(commit_hash, ' ' ORDER BY arrival) FROM map_elites_pca_history"))
                .isEqualTo("%s %s %s %s %s".formatted(commit(0), commit(5), commit(6), commit(7), commit(8)));
    }

    @Test
    void the_history_is_read_in_the_order_of_arrival_whatever_the_clock_says() {
        rebuild(3, projection(1), elite(7, 3, 2, 0));
        search.clock.advance(Duration.ofHours(-1));
        record(2, 0);
        search.clock.advance(Duration.ofSeconds(-1));
        record(1, 0);
        search.clock.advance(Duration.ofSeconds(-1));
        record(0, 0);
        search.clock.advance(Duration.ofHours(-1));
        archives.record(search.island, search.succeeded(4), REJECTED, new IslandChange.Unplaced(seen(2, 0), true));

        assertThat(archives.load(search.island).history())
                .extracting(row -> row.observation().commit())
                .containsExactly(commit(3), commit(1), commit(0), commit(2));
    }

    @Test
    void rows_from_before_the_order_was_stored_are_in_that_of_their_time() throws IOException {
        for (int number : List.of(2, 0, 1)) {
            record(number, 0);
        }
        search.execute("""
                DROP INDEX uq_pca_history_arrival;
                ALTER TABLE map_elites_pca_history DROP COLUMN arrival;
                CREATE INDEX ix_pca_history_last_seen ON map_elites_pca_history (experiment_id, island_id, last_seen_at, commit_hash);
                UPDATE map_elites_pca_history SET last_seen_at = 7 WHERE commit_hash = '%s'""".formatted(commit(1)));
        try (var script = Archives.class.getResourceAsStream("/db/migration/V15__order_of_history.sql")) {
            search.execute(new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8));
        }
        record(3, 0);

        assertThat(archives.load(search.island).history())
                .extracting(row -> row.observation().commit())
                .containsExactly(commit(1), commit(2), commit(0), commit(3));
    }

    @Test
    void experiments_that_share_an_island_and_commits_have_archives_of_their_own() {
        rebuild(0, projection(1), elite(7, 0, 2, 0));
        StoredSearch other = new StoredSearch(postgres.database(), 2);
        other.archives.record(
                other.island,
                other.succeeded(100),
                DISCOVERED,
                new IslandChange.Rebuilt(seen(0, 9), Layout.of(projection(1)), List.of(), List.of(elite(7, 0, 9, 0))));

        assertThat(other.island.island()).isEqualTo(search.island.island());
        assertThat(archives.load(search.island).elites())
                .extracting(StoredElite::objective)
                .containsExactly(2.0);
        assertThat(other.archives.load(other.island).elites())
                .extracting(StoredElite::objective)
                .containsExactly(9.0);
    }

    @Test
    void the_newest_observations_and_those_of_elites_are_read() {
        rebuild(0, projection(1), elite(7, 0, 2, 0));
        IntStream.range(1, 8).forEach(this::reject);

        assertThat(archives.load(search.island).history())
                .extracting(row -> row.observation().commit())
                .containsExactly(commit(0), commit(4), commit(5), commit(6), commit(7));
    }

    @Test
    void a_failed_ingestion_waits_twice_as_long_each_time_and_ends() {
        EvolutionJob job = search.succeeded(0);
        for (int attempt = 0; attempt < Archives.MAX_INGESTION_ATTEMPTS; attempt++) {
            assertThat(archives.toIngest(search.experiment.id(), 10)).hasSize(1);
            archives.ingestionFailed(search.find(job.id()), "cannot embed");
            assertThat(archives.toIngest(search.experiment.id(), 10)).isEmpty();
            search.clock.advance(Duration.ofSeconds(2L << attempt));
        }

        assertThat(archives.toIngest(search.experiment.id(), 10)).isEmpty();
        assertThat(archives.awaitingIngestion(search.experiment.id())).isZero();
        assertThat(search.find(job.id()).ingestion().reason()).isEqualTo("cannot embed");
    }

    @Test
    void what_could_not_be_ingested_is_offered_again_by_the_next_run() {
        EvolutionJob job = search.succeeded(0);
        for (int attempt = 0; attempt < Archives.MAX_INGESTION_ATTEMPTS; attempt++) {
            archives.ingestionFailed(search.find(job.id()), "cannot embed");
        }
        EvolutionJob unplaceable = search.succeeded(1);
        archives.unplaceable(unplaceable, "no metric");

        assertThat(archives.offerFailedAgain(search.experiment.id())).isEqualTo(1);

        assertThat(archives.toIngest(search.experiment.id(), 10))
                .extracting(EvolutionJob::id)
                .containsExactly(job.id());
        assertThat(search.value("SELECT count(*) FROM commit_cards")).isEqualTo("2");
    }

    @Test
    void a_root_without_a_place_is_forgotten_by_the_next_run() {
        archives.unplaceable(search.succeeded(0), "no metric");
        search.execute("UPDATE evolution_jobs SET kind = 'ROOT', draw = NULL");

        archives.offerFailedAgain(search.experiment.id());

        assertThat(search.value("SELECT count(*) FROM commit_cards")).isEqualTo("0");
    }

    @Test
    void successes_are_ingested_oldest_first() {
        var jobs = IntStream.range(0, 3)
                .mapToObj(number -> {
                    search.clock.advance(Duration.ofSeconds(1));
                    return search.succeeded(number).id();
                })
                .toList();

        assertThat(archives.toIngest(search.experiment.id(), 2))
                .extracting(EvolutionJob::id)
                .containsExactly(jobs.get(0), jobs.get(1));
    }

    @Test
    void a_new_best_is_noted_with_the_one_before() {
        assertThat(record(0, 1.0)).hasValue(new Archives.BestBefore(OptionalDouble.empty()));
        assertThat(record(1, 1.0)).isEmpty();
        assertThat(record(2, 0.5)).isEmpty();
        assertThat(record(3, 2.0)).hasValue(new Archives.BestBefore(OptionalDouble.of(1.0)));
        assertThat(search.value("SELECT string_agg(objective::text, ' ' ORDER BY found_at) FROM best_history"))
                .isEqualTo("1 2");
    }

    @Test
    void a_better_commit_that_a_pin_kept_out_is_the_best_and_one_whose_lead_is_not_proved_is_not() {
        record(0, 1.0);
        var unproved = new Ingested(IngestionStatus.SKIPPED, 1.0, 0, "not proved", null, false);
        assertThat(archives.record(
                        search.island, search.succeeded(1), unproved, new IslandChange.Unplaced(seen(1, 2.0), false)))
                .isEmpty();
        var pinned = new Ingested(IngestionStatus.SKIPPED, 1.0, 0, "pinned", null);
        assertThat(archives.record(
                        search.island, search.succeeded(2), pinned, new IslandChange.Unplaced(seen(2, 2.0), false)))
                .isPresent();
    }

    @Test
    void a_database_that_goes_away_in_a_transaction_leaves_nothing_half_written() {
        rebuild(0, projection(1), elite(7, 0, 2, 0));

        assertThatThrownBy(() -> search.database.transaction(session -> {
                    session.doWork(connection -> {
                        new IslandRows(connection, search.island).place(List.of(elite(8, 1, 1, 0)), 1);
                        connection.createStatement().execute("SELECT pg_terminate_backend(pg_backend_pid())");
                    });
                    return null;
                }))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATABASE));

        assertThat(archives.load(search.island).elites()).containsExactly(elite(7, 0, 2, 0));
    }

    private Optional<Archives.BestBefore> record(int number, double objective) {
        search.clock.advance(Duration.ofSeconds(1));
        return archives.record(
                search.island,
                search.succeeded(number),
                REJECTED,
                new IslandChange.Unplaced(seen(number, objective), false));
    }

    private void reject(int number) {
        record(number, 0);
    }

    private void place(int number, StoredElite elite) {
        search.clock.advance(Duration.ofSeconds(1));
        archives.record(search.island, search.succeeded(number), DISCOVERED, placed(elite, 1));
    }

    private void rebuild(int number, Projection projection, StoredElite... elites) {
        search.clock.advance(Duration.ofSeconds(1));
        var seen = seen(number, elites[0].objective());
        archives.record(
                search.island,
                search.succeeded(number),
                DISCOVERED,
                new IslandChange.Rebuilt(seen, Layout.of(projection), List.of(), List.of(elites)));
    }

    private static IslandChange placed(StoredElite elite, int version) {
        var seen = new Observation(elite.commit(), Traits.of(Vector.of(1, 2, 3)), elite.objective(), "hash");
        return new IslandChange.Placed(seen, elite, version, false);
    }

    private static StoredElite elite(long cell, int number, double objective, double placedAt) {
        return new StoredElite(cell, commit(number), objective, objective, Vector.of(0.1, 1e-300), placedAt);
    }

    private static Observation seen(int number, double objective) {
        return new Observation(commit(number), Traits.of(Vector.of(1, 2, 3)), objective, "hash");
    }

    private static CommitHash commit(int number) {
        return Rows.commit(number);
    }

    private static Projection projection(int version) {
        return new Projection(
                version,
                Projection.Method.PCA,
                Vector.of(0.1, 0.2, 0.3),
                List.of(Vector.of(1, 0, 0), Vector.of(0, 1, 0)),
                Vector.of(2, 1),
                Vector.of(1.5, 1),
                Vector.of(-3, -3),
                Vector.of(3, 3),
                32);
    }
}
