package io.loreley.mapelites.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import io.loreley.mapelites.Archive;
import io.loreley.mapelites.Elite;
import io.loreley.mapelites.GridArchive;
import io.loreley.mapelites.GridSettings;
import io.loreley.mapelites.Placement;
import io.loreley.mapelites.Vector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IslandsTest {

    private final SequencedMap<String, Archive<String>> archives = new LinkedHashMap<>();

    @Test
    void migrants_go_to_the_next_island_of_the_ring_and_no_further() {
        archive("north").place("n", 1, Vector.of(0.1));
        archive("east").place("e", 2, Vector.of(0.5));
        archive("south");
        var migrations = new Islands<>(archives).migrate(5, new SplittableRandom(1));
        assertThat(migrations)
                .extracting(
                        migration -> migration.elite().solution() + ": " + migration.from() + " to " + migration.to())
                .containsExactly("n: north to east", "e: east to south");
        assertThat(solutions("north")).containsExactly("n");
        assertThat(solutions("east")).containsExactly("e", "n");
        assertThat(solutions("south")).containsExactly("e");
    }

    @Test
    void a_migrant_competes_like_any_candidate() {
        archive("north").place("weak", 1, Vector.of(0.1));
        archive("south").place("strong", 2, Vector.of(0.1));
        var migrations = new Islands<>(archives).migrate(1, new SplittableRandom(1));
        assertThat(migrations.getFirst().placement()).isInstanceOf(Placement.Rejected.class);
        assertThat(migrations.getLast().placement()).isInstanceOf(Placement.Improved.class);
    }

    @Test
    void no_more_migrants_leave_than_asked_for() {
        for (int i = 0; i < 10; i++) {
            archive("north").place("n" + i, i, Vector.of((i + 0.5) / 10));
        }
        archive("south");
        assertThat(new Islands<>(archives).migrate(3, new SplittableRandom(1))).hasSize(3);
    }

    @Test
    void a_single_island_has_nobody_to_send_to() {
        archive("alone").place("a", 1, Vector.of(0.1));
        assertThat(new Islands<>(archives).migrate(1, new SplittableRandom(1))).isEmpty();
    }

    @Test
    void what_the_next_island_holds_is_not_sent_to_it() {
        archive("north").place("known", 1, Vector.of(0.1));
        archive("north").place("new", 1, Vector.of(0.9));
        archive("south").place("known", 1, Vector.of(0.1));
        assertThat(new Islands<>(archives).departures(2, new SplittableRandom(1)))
                .extracting(departure -> departure.elite().solution(), Islands.Departure::from, Islands.Departure::to)
                .containsExactly(tuple("new", "north", "south"));
        assertThat(solutions("south")).containsExactly("known");
    }

    @Test
    void islands_take_turns() {
        archive("north");
        archive("south");
        var islands = new Islands<>(archives);
        assertThat(List.of(islands.turn(0), islands.turn(1), islands.turn(2)))
                .containsExactly("north", "south", "north");
    }

    @Test
    void there_must_be_an_island() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Islands<>(archives));
    }

    private Archive<String> archive(String name) {
        return archives.computeIfAbsent(name, _ -> new GridArchive<>(GridSettings.uniform(1, 10)));
    }

    private List<String> solutions(String name) {
        return archive(name).elites().stream().map(Elite::solution).toList();
    }
}
