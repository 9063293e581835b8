package io.loreley.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** Finds processes that a test left behind, by a variable in their environment that they cannot have lost by accident. */
public record Leftovers(String token) {

    public static final String VARIABLE = "LEFTOVERS_OF";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    public static Leftovers watched() {
        return new Leftovers(UUID.randomUUID().toString());
    }

    /** The test's environment with the variable in it; its name must be passed on to the program. */
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put(VARIABLE, token);
        return environment;
    }

    /** Waits a moment for killed processes to be gone: a kill is a request that the kernel grants soon. */
    public void assertNone() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> found = found();
        while (!found.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            found = found();
        }
        assertThat(found).as("processes left").isEmpty();
    }

    /** The processes that are there now. */
    public List<String> found() throws IOException {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (read(process.resolve("environ")).contains(token)) {
                    found.add(process.getFileName() + ": "
                            + read(process.resolve("cmdline")).replace('\0', ' '));
                }
            }
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
