package io.loreley.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.CommitHash;
import io.loreley.domain.CommitMark;
import io.loreley.mapelites.Elite;
import io.loreley.mapelites.Placement;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Traits;
import io.loreley.store.Observation;
import io.loreley.store.StoredIsland;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MarkedIslandTest {

    private static final Vector HERE = Vector.of(1, 0, 0, 0);

    private final Island island = Island.restore(TestSettings.search(), StoredIsland.EMPTY, Contest.strict(commit(0)));

    @Test
    void a_pinned_elite_keeps_its_cell_and_lets_go_of_it_when_the_pin_is_taken_back() {
        offer(1, HERE, 1);
        island.heed(Map.of(commit(1), CommitMark.PINNED));

        assertThat(offer(2, HERE, 5)).isInstanceOf(Placement.Rejected.class);
        assertThat(elites()).containsExactly(commit(1));

        island.heed(Map.of());
        assertThat(offer(3, HERE, 6)).isInstanceOf(Placement.Improved.class);
    }

    @Test
    void a_pinned_elite_keeps_a_cell_when_the_archive_is_laid_out_anew() {
        offer(1, vector(1), 0);
        island.heed(Map.of(commit(1), CommitMark.PINNED));
        for (int i = 2; i < 80; i++) {
            offer(i, vector(i % 7), i);
        }
        assertThat(elites()).contains(commit(1));
    }

    @Test
    void a_banned_elite_is_neither_base_nor_inspiration() {
        for (int i = 1; i <= 12; i++) {
            offer(i, vector(i), i);
        }
        CommitHash banned = elites().iterator().next();
        island.heed(Map.of(banned, CommitMark.BANNED));

        Set<CommitHash> drawn = new HashSet<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 500; i++) {
            var draw = island.draw(Set.of(), random).orElseThrow();
            drawn.add(draw.base().solution());
            draw.inspirations().forEach(elite -> drawn.add(elite.solution()));
        }

        assertThat(drawn).hasSizeGreaterThan(2).doesNotContain(banned);
        assertThat(elites()).contains(banned);
    }

    private Placement<CommitHash> offer(int number, Vector vector, double objective) {
        return island.offer(new Observation(commit(number), Traits.of(vector), objective, "model"), Instant.EPOCH)
                .placement();
    }

    private Set<CommitHash> elites() {
        Set<CommitHash> found = new java.util.LinkedHashSet<>();
        for (Elite<CommitHash> elite : island.archive().elites()) {
            found.add(elite.solution());
        }
        return found;
    }

    private static Vector vector(int number) {
        SplittableRandom random = new SplittableRandom(number);
        return Vector.of(
                random.nextDouble() - 0.5,
                random.nextDouble() - 0.5,
                random.nextDouble() - 0.5,
                random.nextDouble() - 0.5);
    }

    private static CommitHash commit(int number) {
        return new CommitHash("%040x".formatted(number));
    }
}
