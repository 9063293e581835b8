package io.loreley.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class TemporaryFoldersTest {

    @Test
    void a_folder_is_gone_with_what_was_left_in_it() throws Exception {
        try (ProcessRunner runner = new ProcessRunner()) {
            Path folder = runner.withTemporaryFolder(made -> {
                fill(made);
                return made;
            });

            assertThat(folder.getParent()).doesNotExist();
        }
    }

    @Test
    void what_a_killed_process_left_is_found_by_its_name() throws Exception {
        String dead = "host:%s:1".formatted(UUID.randomUUID());
        String living = "host:%s:2".formatted(UUID.randomUUID());
        Path left = fill(new TemporaryFolders(dead).make());
        TemporaryFolders used = new TemporaryFolders(living);
        Path kept = fill(used.make());

        assertThat(ProcessRunner.sweepTemporary(Set.of(dead)::contains)).isEqualTo(1);

        assertThat(left.getParent()).doesNotExist();
        assertThat(kept).isNotEmptyDirectory();
        used.discard(kept);
        assertThat(kept.getParent()).doesNotExist();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void what_a_killed_runner_captured_lies_under_its_name() throws Exception {
        String name = "host:%s:3".formatted(UUID.randomUUID());
        try (ProcessRunner runner = new ProcessRunner(name)) {
            Captured captured = runner.capture(
                    List.of("sh", "-c", "readlink /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2"),
                    Path.of("."),
                    Map.of("PATH", System.getenv("PATH")),
                    "asked",
                    new Limits(Duration.ofSeconds(20), 1_000));

            assertThat(captured.text().lines()).allMatch(file -> file.contains("loreley-" + name.replace(':', '+')));
        }
        assertThat(ProcessRunner.sweepTemporary(Set.of(name)::contains)).isZero();
    }

    private static Path fill(Path folder) {
        try {
            Files.writeString(Files.createDirectories(folder.resolve("a/b")).resolve("file"), "x");
            Files.createSymbolicLink(folder.resolve("root"), Path.of("/"));
            return folder;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
