package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.IslandKey;
import io.loreley.domain.LoreleyException;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Bounds;
import io.loreley.mapelites.projection.Layout;
import io.loreley.mapelites.projection.Ranges;
import io.loreley.mapelites.projection.Traits;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class MigrationLogIT {

    private static final Layout LAYOUT =
            new Layout(3, null, new Ranges(List.of(new Bounds(-0.1, 0.3), new Bounds(1e-300, 1e300)), 5));
    private static final double NOON = Rows.NOON.getEpochSecond();
    private static final List<Vector> CENTROIDS = List.of(Vector.of(0.1, 0.2), Vector.of(1.0 / 3, 0.7));

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private StoredSearch search;
    private MigrationLog log;
    private IslandKey second;

    @BeforeEach
    void open() {
        search = new StoredSearch(postgres.database());
        log = new MigrationLog(postgres.database(), search.clock, StoredSearch.HISTORY_LIMIT);
        second = new IslandKey(search.experiment.id(), "island-2");
    }

    @Test
    void a_migration_changes_the_island_and_is_counted() {
        migrate(1, new IslandChange.Rebuilt(seen(1), LAYOUT, CENTROIDS, List.of(elite(1))));

        assertThat(search.archives.load(second))
                .isEqualTo(new StoredIsland(
                        LAYOUT, CENTROIDS, List.of(new StoredObservation(seen(1), NOON)), List.of(elite(1))));
        assertThat(log.progress(search.experiment.id())).isEqualTo(new MigrationLog.Progress(0, 1));
        assertThat(search.value("SELECT from_island || ' ' || to_island || ' ' || cell_index FROM island_migrants"))
                .isEqualTo("main island-2 0");
    }

    @Test
    void a_migration_that_cannot_be_written_whole_is_not_counted() {
        migrate(1, new IslandChange.Rebuilt(seen(1), LAYOUT, CENTROIDS, List.of(elite(1))));
        StoredIsland before = search.archives.load(second);

        assertThatThrownBy(() -> migrate(2, new IslandChange.Placed(seen(2), elite(2), LAYOUT.version(), false)))
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining("cell 0 of island island-2 holds a better elite");

        assertThat(log.progress(search.experiment.id())).isEqualTo(new MigrationLog.Progress(0, 1));
        assertThat(search.archives.load(second)).isEqualTo(before);
    }

    @Test
    void a_migration_cannot_be_written_twice() {
        migrate(1, new IslandChange.Unplaced(seen(1), false));
        assertThatThrownBy(() -> migrate(1, new IslandChange.Unplaced(seen(2), false)))
                .isInstanceOf(LoreleyException.class);
        assertThat(search.archives.load(second).history())
                .extracting(StoredObservation::observation)
                .containsExactly(seen(1));
    }

    @Test
    void offered_are_those_of_which_a_cell_was_asked() {
        search.archives.unplaceable(search.succeeded(0), "no metric");
        search.archives.record(
                search.island,
                search.succeeded(1),
                new Ingested(io.loreley.domain.IngestionStatus.SKIPPED, 0, 0, "not better", null),
                new IslandChange.Unplaced(seen(1), false));
        search.archives.ingestionFailed(search.succeeded(2), "cannot embed");
        search.succeeded(3);

        assertThat(log.progress(search.experiment.id())).isEqualTo(new MigrationLog.Progress(1, 0));
    }

    private void migrate(long number, IslandChange change) {
        Long cell = change instanceof IslandChange.Unplaced ? null : 0L;
        log.record(
                search.experiment.id(),
                new MigrationLog.Progress(0, number),
                List.of(new Migrant("main", change.observation().commit(), cell, new IslandUpdate(second, change))));
    }

    private static Observation seen(int number) {
        return new Observation(Rows.commit(number), new Traits(Vector.of(), Vector.of(0.1 + 0.2, 7)), 1, "");
    }

    private static StoredElite elite(int number) {
        return new StoredElite(0, Rows.commit(number), 1, 1, Vector.of(1, 0.5), 0);
    }
}
