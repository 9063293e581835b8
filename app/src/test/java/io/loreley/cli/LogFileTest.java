package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void old_files_go_and_one_that_vanishes_meanwhile_is_no_failure() throws IOException {
        log("loreley-run-old.log", Duration.ofDays(2));
        log("loreley-run-young.log", Duration.ofHours(1));
        log("notes-old.log", Duration.ofDays(2));
        // Listed, and not there when it is looked at.
        Files.createSymbolicLink(folder.resolve("loreley-run-gone.log"), folder.resolve("nothing"));

        LogFile.removeOlderThan(folder, NOW.minus(Duration.ofDays(1)));

        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("loreley-run-young.log", "loreley-run-gone.log", "notes-old.log");
        }
    }

    private void log(String name, Duration age) throws IOException {
        Files.setLastModifiedTime(Files.createFile(folder.resolve(name)), FileTime.from(NOW.minus(age)));
    }
}
