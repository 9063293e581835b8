package io.loreley.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.CommitHash;
import io.loreley.domain.CommitMark;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.mapelites.Elite;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Traits;
import io.loreley.store.Archives;
import io.loreley.store.Database;
import io.loreley.store.Experiments;
import io.loreley.store.MigrationLog;
import io.loreley.store.Observation;
import io.loreley.store.TestDatabase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MigrateElitesIT {

    private static final InstantSource CLOCK = InstantSource.system();
    private static final int HISTORY = 40;

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private final ExperimentId id = new ExperimentId(new UUID(1, 1));
    private Islands islands;
    private MigrateElites migrate;

    @BeforeEach
    void two_islands() {
        Database database = postgres.database();
        Experiments experiments = new Experiments(database);
        experiments.create(new Experiment(
                id, experiments.repository("migrates", null, null, Map.of()), "hash", "migrates", Map.of(), "active"));
        SearchSettings search = TestSettings.project("""
                        {seeds: 1, islands: 2, inspirations: 1, measures: ["seconds from 0 to 1"], cells-per-dimension: 2, \
                        migration-interval: 1, migrants: 1, min-fit-samples: 8, history-size: %d}""".formatted(HISTORY)).search();
        MigrationLog log = new MigrationLog(database, CLOCK, HISTORY);
        islands = new Islands(id, search, new Archives(database, CLOCK, HISTORY), log, Contest.strict(commit(0)));
        migrate = new MigrateElites(log, islands, search, CLOCK);
        islands.noteMigration(new MigrationLog.Progress(1, 0));
    }

    @Test
    void who_is_displaced_by_an_arrival_and_forgotten_leaves_all_the_same() {
        offer("main", 1, 20);
        offer("island-2", 2, 10);
        int remembered = HISTORY + 1 + HISTORY / 10;
        for (int number = 3; number <= remembered + 6; number++) {
            offer("island-2", number, 0);
        }

        assertThat(migrate.run()).isEqualTo(2);

        assertThat(elites("main")).containsExactly(commit(1));
        assertThat(elites("island-2")).containsExactly(commit(1));
    }

    @Test
    void what_is_banned_stays_where_it_is() {
        offer("main", 1, 20);
        offer("island-2", 2, 10);
        islands.heed(Map.of(commit(1), CommitMark.BANNED));

        assertThat(migrate.run()).isEqualTo(1);

        assertThat(elites("island-2")).containsExactly(commit(2));
    }

    private void offer(String island, int number, double objective) {
        islands.island(islands.key(island))
                .offer(
                        new Observation(
                                commit(number),
                                new Traits(Vector.of(), Vector.of(number / 1000.0)),
                                objective,
                                "model"),
                        Instant.EPOCH);
    }

    private List<CommitHash> elites(String island) {
        return islands.island(islands.key(island)).archive().elites().stream()
                .map(Elite::solution)
                .toList();
    }

    private static CommitHash commit(int number) {
        return new CommitHash("%040x".formatted(number));
    }
}
