package io.loreley.mapelites.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.mapelites.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BehaviourSpaceTest {

    private final ProjectionSettings settings = new ProjectionSettings(2, 8, 64, 1.5, true);

    @Test
    void the_first_observation_creates_a_random_projection() {
        var space = new BehaviourSpace<Integer>(settings, 7);
        Projection projection = space.observe(0, Vector.of(1, 2, 3, 4)).orElseThrow();
        assertThat(projection.version()).isEqualTo(1);
        assertThat(projection.method()).isEqualTo(Projection.Method.RANDOM);
        assertThat(space.measures(Vector.of(1, 2, 3, 4))).isEqualTo(Vector.of(0.5, 0.5));
    }

    @Test
    void a_restored_space_goes_on_as_the_one_that_was_stored() {
        var random = new SplittableRandom(3);
        var space = new BehaviourSpace<Integer>(settings, 7);
        List<Integer> fits = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            var restored =
                    BehaviourSpace.restore(settings, 7, space.projection().orElse(null), space.history());
            Vector embedding = embedding(random, 6);
            var expected = space.observe(i, embedding);
            assertThat(restored.observe(i, embedding)).isEqualTo(expected);
            expected.ifPresent(projection -> fits.add(projection.samples()));
        }
        assertThat(fits).containsExactly(1, 2, 3, 5, 8, 12, 18, 27, 41, 62, 64);
    }

    private static Vector embedding(RandomGenerator random, int length) {
        return Vector.of(random.doubles(length).map(x -> x + 1).toArray());
    }
}
