package io.loreley.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaceTest {

    @TempDir
    Path folder;

    /** The other process. */
    public static void main(String[] arguments) {
        System.exit(Place.take(Path.of(arguments[0])).isPresent() ? 0 : 7);
    }

    @Test
    void a_place_in_use_stays_taken_for_other_processes_when_this_one_looks_for_unused_ones() throws Exception {
        Path slot = folder.resolve("experiment/slot-0");
        try (Place _ = Place.take(slot).orElseThrow()) {
            assertThat(Slots.removeUnused(folder, Instant.MAX)).isZero();
            assertThat(Place.take(slot)).isEmpty();

            assertThat(otherProcessTakes(slot)).isFalse();
        }
        assertThat(otherProcessTakes(slot)).isTrue();
        assertThat(Slots.removeUnused(folder, Instant.MAX)).isEqualTo(1);
        assertThat(slot).doesNotExist();
    }

    @Test
    void a_folder_that_cannot_be_made_is_said_and_not_kept_as_taken() throws IOException {
        Path slot = Files.createFile(folder.resolve("file")).resolve("slot-0");

        assertThatThrownBy(() -> Place.take(slot))
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining(slot + " cannot be written");

        Files.delete(folder.resolve("file"));
        Optional<Place> taken = Place.take(slot);
        assertThat(taken).isPresent();
        taken.get().close();
    }

    private static boolean otherProcessTakes(Path slot) throws IOException, InterruptedException {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PlaceTest.class.getName(),
                        slot.toString())
                .inheritIO()
                .start();
        int exit = other.waitFor();
        assertThat(exit).isIn(0, 7);
        return exit == 0;
    }
}
