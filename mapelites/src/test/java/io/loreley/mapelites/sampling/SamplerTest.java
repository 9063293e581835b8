package io.loreley.mapelites.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.mapelites.Archive;
import io.loreley.mapelites.Elite;
import io.loreley.mapelites.GridArchive;
import io.loreley.mapelites.GridSettings;
import io.loreley.mapelites.Vector;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SamplerTest {

    private final Archive<String> archive = new GridArchive<>(GridSettings.uniform(2, 3));

    @Test
    void an_empty_archive_gives_no_draw() {
        var sampler = new Sampler<String>(SamplerSettings.of(BaseChoice.MIXED));
        assertThat(sampler.draw(archive, Set.of(), new SplittableRandom(1))).isEmpty();
    }

    @Test
    void inspirations_are_distinct_and_never_the_base() {
        fill();
        var sampler = new Sampler<String>(SamplerSettings.of(BaseChoice.MIXED));
        var random = new SplittableRandom(1);
        for (int i = 0; i < 100; i++) {
            Draw<String> draw = sampler.draw(archive, Set.of(), random).orElseThrow();
            List<String> solutions =
                    draw.inspirations().stream().map(Elite::solution).toList();
            assertThat(solutions)
                    .hasSize(3)
                    .doesNotHaveDuplicates()
                    .doesNotContain(draw.base().solution());
            assertThat(draw.radiusUsed()).isBetween(1, 3);
        }
    }

    private void fill() {
        for (int x = 0; x < 3; x++) {
            for (int y = 0; y < 3; y++) {
                archive.place("c" + x + y, x + y, Vector.of((x + 0.5) / 3, (y + 0.5) / 3));
            }
        }
    }
}
