package io.loreley.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.CommitHash;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Layout;
import io.loreley.mapelites.projection.Traits;
import io.loreley.store.IslandChange;
import io.loreley.store.Observation;
import io.loreley.store.StoredElite;
import io.loreley.store.StoredIsland;
import io.loreley.store.StoredObservation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ContestTest {

    private static final CommitHash ROOT = commit(0);

    @Test
    void what_is_undecided_is_found_again_when_the_island_is_read_by_another_process() {
        SplittableRandom random = new SplittableRandom(3);
        Contest before = contest();
        Island island = Island.restore(TestSettings.search(), StoredIsland.EMPTY, before);
        List<StoredObservation> history = new ArrayList<>();
        Layout layout = null;
        for (int i = 0; i < 20; i++) {
            Observation seen =
                    new Observation(commit(i), Traits.of(Vector.of(1, random.nextDouble(), 0, 0)), i, "model");
            history.add(new StoredObservation(seen, 0));
            if (island.offer(seen, Instant.EPOCH).change()
                    instanceof IslandChange.Rebuilt(var _, var fitted, var _, var _)) {
                layout = fitted;
            }
        }
        List<StoredElite> elites = island.archive().elites().stream()
                .map(elite -> new StoredElite(
                        elite.cell(),
                        elite.solution(),
                        elite.objective(),
                        island.archive().threshold(elite.cell()),
                        elite.measures(),
                        0))
                .toList();
        Contest after = contest();

        Island.restore(TestSettings.search(), new StoredIsland(layout, List.of(), history, elites), after);

        assertThat(all(after)).isEqualTo(all(before)).isNotEmpty();
    }

    /** Values that lie a hundredth of their noise apart. */
    private static Contest contest() {
        return new Contest(
                new NoiseRule(0.9),
                0,
                ROOT,
                commit ->
                        new NoiseRule.Estimate(Integer.parseInt(commit.value(), 16), commit.equals(ROOT) ? 5 : 1, 100));
    }

    private static List<CommitHash> all(Contest contest) {
        List<CommitHash> noted = new ArrayList<>();
        for (var next = contest.next(_ -> true); next.isPresent(); next = contest.next(_ -> true)) {
            noted.add(next.get());
        }
        noted.sort(java.util.Comparator.comparing(CommitHash::value));
        return noted;
    }

    private static CommitHash commit(int number) {
        return new CommitHash("%040x".formatted(number));
    }
}
