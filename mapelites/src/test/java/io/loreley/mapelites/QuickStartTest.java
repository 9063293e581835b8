package io.loreley.mapelites;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.mapelites.sampling.BaseChoice;
import io.loreley.mapelites.sampling.Sampler;
import io.loreley.mapelites.sampling.SamplerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The program of README.md. */
class QuickStartTest {

    // begin
    /** Points near the edge of a disc that still lie within it, one for each part of the square around it. */
    static Archive<Vector> evolve() {
        var random = new SplittableRandom(1);
        var archive = new GridArchive<Vector>(GridSettings.uniform(2, 16));
        var sampler = new Sampler<Vector>(SamplerSettings.of(BaseChoice.RANK));
        archive.place(Vector.of(0.5, 0.5), 0, Vector.of(0.5, 0.5));
        for (int i = 0; i < 5_000; i++) {
            Vector base =
                    sampler.draw(archive, Set.of(), random).orElseThrow().base().solution();
            Vector child =
                    Vector.of(base.get(0) + random.nextDouble(-0.1, 0.1), base.get(1) + random.nextDouble(-0.1, 0.1));
            double radius = Math.hypot(child.get(0) - 0.5, child.get(1) - 0.5);
            archive.place(child, radius <= 0.5 ? radius : -radius, child);
        }
        return archive;
    }
    // end

    @Test
    void the_program_fills_the_disc() {
        Statistics statistics = evolve().statistics();
        assertThat(statistics.coverage()).isGreaterThan(0.8);
        assertThat(statistics.best().orElseThrow()).isBetween(0.49, 0.5);
        assertThat(evolve().statistics()).isEqualTo(statistics);
    }

    @Test
    void the_readme_shows_the_program_that_runs() throws IOException {
        String source = Files.readString(Path.of("src/test/java/io/loreley/mapelites/QuickStartTest.java"));
        String program = source.substring(source.indexOf("// begin\n") + 9, source.indexOf("    // end"))
                .stripTrailing()
                .stripIndent();
        assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + program + "\n```");
    }
}
