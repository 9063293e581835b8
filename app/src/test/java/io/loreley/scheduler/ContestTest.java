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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
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
        Island restored =
                Island.restore(TestSettings.search(), new StoredIsland(layout, List.of(), history, elites), after);

        assertThat(all(after, restored)).isEqualTo(all(before, island)).hasSizeGreaterThan(2);
    }

    @Test
    void who_was_told_apart_since_is_not_measured_again() {
        Contest contest = contest();
        Island island = Island.restore(TestSettings.search(), StoredIsland.EMPTY, contest);
        for (int number : List.of(1, 2)) {
            offer(island, number);
        }
        assertThat(next(contest, island, commit -> !commit.equals(commit(1)))).isEmpty();

        offer(island, 2000);

        assertThat(island.archive().elites()).extracting(Elite::solution).containsExactly(commit(2000));
        assertThat(next(contest, island, _ -> true)).isEmpty();
    }

    @Test
    void a_commit_is_chosen_again_only_when_it_was_measured() {
        Contest contest = contest();
        Island island = Island.restore(TestSettings.search(), StoredIsland.EMPTY, contest);
        for (int number : List.of(1, 2)) {
            offer(island, number);
        }
        assertThat(next(contest, island, _ -> true)).contains(commit(1));
        assertThat(next(contest, island, _ -> true)).isEmpty();

        contest.forget(commit(1));

        assertThat(next(contest, island, _ -> true)).contains(commit(1));
    }

    /** Into one cell. */
    private static void offer(Island island, int number) {
        island.offer(new Observation(commit(number), Traits.of(Vector.of(1, 0, 0, 0)), number, "model"), Instant.EPOCH);
    }

    /** Small values lie a hundredth of their noise apart. */
    private static Contest contest() {
        return new Contest(
                new NoiseRule(0.9),
                0,
                ROOT,
                commit ->
                        new NoiseRule.Estimate(Integer.parseInt(commit.value(), 16), commit.equals(ROOT) ? 5 : 1, 100));
    }

    private static Optional<CommitHash> next(Contest contest, Island island, Predicate<CommitHash> isAllowed) {
        return contest.next(island.rivals().stream(), isAllowed);
    }

    private static List<CommitHash> all(Contest contest, Island island) {
        List<CommitHash> found = new ArrayList<>();
        for (var next = next(contest, island, _ -> true); next.isPresent(); next = next(contest, island, _ -> true)) {
            found.add(next.get());
        }
        return found;
    }

    private static CommitHash commit(int number) {
        return new CommitHash("%040x".formatted(number));
    }
}
