package io.loreley.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.CommitHash;
import io.loreley.mapelites.Elite;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Layout;
import io.loreley.mapelites.projection.Traits;
import io.loreley.store.IslandChange;
import io.loreley.store.Observation;
import io.loreley.store.StoredElite;
import io.loreley.store.StoredIsland;
import io.loreley.store.StoredObservation;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an island remembers in memory is what is read again after a restart, and no more. */
class IslandHistoryTest {

    private static final int HISTORY = 40;
    private static final Contest STRICT = Contest.strict(commit(0));

    private final SplittableRandom random = new SplittableRandom(7);
    private final Database database = new Database();

    @Test
    void the_memory_does_not_grow_with_the_commits_once_the_history_is_full() {
        SearchSettings settings = settings("[learned]", 2);
        Island island = Island.restore(settings, StoredIsland.EMPTY, STRICT);
        for (int i = 0; i < 500; i++) {
            database.write(island.offer(seen(i, vector(4), Vector.of()), at(i)).change());
        }

        int elites = island.archive().elites().size();
        assertThat(known(island, 500)).isBetween(HISTORY, HISTORY + elites + HISTORY / 10);
        assertThat(database.forgotten).isGreaterThan(10);
        for (Elite<CommitHash> elite : island.archive().elites()) {
            assertThat(island.known(elite.solution()).commit()).isEqualTo(elite.solution());
        }
    }

    @Test
    void after_a_restart_the_next_layout_is_that_of_an_island_that_went_on() {
        SearchSettings settings = settings("[seconds]", 1);
        Island island = Island.restore(settings, StoredIsland.EMPTY, STRICT);
        for (int i = 0; i < 10; i++) {
            database.write(island.offer(seen(i, Vector.of(), vector(1)), at(i)).change());
        }
        database.write(island.remeasured(seen(0, Vector.of(), Vector.of(40))).orElseThrow());
        database.write(island.remeasured(seen(3, Vector.of(), Vector.of(-40))).orElseThrow());

        Island restored = Island.restore(settings, database.stored(), STRICT);

        for (int i = 10; i < 100; i++) {
            Observation seen = seen(i, Vector.of(), vector(1));
            assertThat(restored.offer(seen, at(i))).isEqualTo(island.offer(seen, at(i)));
        }
    }

    @Test
    void what_an_island_has_forgotten_is_measured_again_in_vain_before_and_after_a_restart() {
        SearchSettings settings = settings("[learned]", 2);
        Island island = Island.restore(settings, StoredIsland.EMPTY, STRICT);
        for (int i = 0; i < HISTORY + 60; i++) {
            database.write(island.offer(seen(i, vector(4), Vector.of()), at(i)).change());
        }
        Island restored = Island.restore(settings, database.stored(), STRICT);

        for (int i = 0; i < HISTORY + 60; i++) {
            Observation again = seen(i, vector(4), Vector.of());
            assertThat(restored.remeasured(again).isPresent())
                    .as("commit %d", i)
                    .isEqualTo(island.remeasured(again).isPresent());
        }
    }

    @Test
    void a_remembered_commit_that_enters_a_cell_after_a_restart_keeps_its_time() {
        SearchSettings settings = settings("[seconds]", 1);
        Island island = Island.restore(settings, StoredIsland.EMPTY, STRICT);
        for (int i = 0; i < 30; i++) {
            database.write(island.offer(seen(i, Vector.of(), vector(1)), at(i)).change());
        }
        Island restored = Island.restore(settings, database.stored(), STRICT);

        for (Elite<CommitHash> elite : List.copyOf(restored.archive().elites())) {
            Observation lucky = restored.known(elite.solution());
            var fallen = new Observation(lucky.commit(), lucky.traits(), -10, lucky.model());
            var change = (IslandChange.Rebuilt) restored.remeasured(fallen).orElseThrow();
            assertThat(change.elites()).extracting(StoredElite::commit).doesNotContain(lucky.commit());
            assertThat(change.elites())
                    .allSatisfy(entered -> assertThat(entered.placedAt()).isPositive());
        }
    }

    private static int known(Island island, int offered) {
        int known = 0;
        for (int i = 0; i < offered; i++) {
            try {
                island.known(commit(i));
                known++;
            } catch (IllegalStateException forgotten) {
                assertThat(forgotten).hasMessageContaining("was never offered");
            }
        }
        return known;
    }

    private Observation seen(int number, Vector embedding, Vector values) {
        return new Observation(commit(number), new Traits(embedding, values), random.nextDouble(), "model");
    }

    private Vector vector(int length) {
        return Vector.of(random.doubles(length, -1, 1).toArray());
    }

    private static Instant at(int number) {
        return Instant.ofEpochSecond(1_800_000_000L + number);
    }

    private static SearchSettings settings(String measures, int dimensions) {
        return TestSettings.project(
                        "{seeds: 2, inspirations: 1, cells-per-dimension: 3, measures: %s, dimensions: %d, min-fit-samples: 8, history-size: %d}"
                                .formatted(measures, dimensions, HISTORY))
                .search();
    }

    private static CommitHash commit(int number) {
        return new CommitHash("%040x".formatted(number));
    }

    /** What the database holds after these changes. */
    private static final class Database {

        private final SequencedMap<CommitHash, StoredObservation> history = new LinkedHashMap<>();
        private final SequencedMap<Long, StoredElite> cells = new LinkedHashMap<>();
        private @Nullable Layout layout;
        private int forgotten;

        private void write(IslandChange change) {
            Observation seen = change.observation();
            history.putLast(
                    seen.commit(),
                    new StoredObservation(seen, at(history.size()).getEpochSecond()));
            switch (change) {
                case IslandChange.Unplaced _ -> {}
                case IslandChange.Placed placed -> cells.put(placed.elite().cell(), placed.elite());
                case IslandChange.Rebuilt rebuilt -> {
                    layout = rebuilt.layout();
                    cells.clear();
                    rebuilt.elites().forEach(elite -> cells.putLast(elite.cell(), elite));
                }
            }
            forgotten += change.forgets() ? 1 : 0;
        }

        private StoredIsland stored() {
            List<CommitHash> elites =
                    cells.values().stream().map(StoredElite::commit).toList();
            List<StoredObservation> rows = List.copyOf(history.values());
            List<StoredObservation> kept = rows.stream()
                    .filter(row -> rows.indexOf(row) >= rows.size() - HISTORY
                            || elites.contains(row.observation().commit()))
                    .toList();
            return new StoredIsland(layout, List.of(), kept, List.copyOf(cells.values()));
        }
    }
}
