package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher of this repository in a small one, whose build takes a second. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LauncherIT {

    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path root;

    private final ProcessHandle self = ProcessHandle.current();

    @BeforeEach
    void repository() throws IOException {
        for (String folder : List.of(".mvn", "app/src/main", "mapelites/src/main", "examples/one/src/main")) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.copy(REPOSITORY.resolve("loreley"), root.resolve("loreley"));
        Files.copy(REPOSITORY.resolve(".mvn/jdk.sh"), root.resolve(".mvn/jdk.sh"));
        Path maven = Files.writeString(root.resolve("mvnw"), """
                #!/bin/sh
                set -e
                echo build >>builds
                mkdir -p app/target/lib
                "$JAVA_HOME/bin/javac" -d app/target/classes app/src/main/Program.java
                "$JAVA_HOME/bin/jar" --create --file app/target/loreley.jar --main-class Program -C app/target/classes .
                """);
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        write("first");
    }

    @AfterEach
    void end() {
        self.descendants()
                .filter(child -> child.info().commandLine().orElse("").contains(root.toString()))
                .forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void commands_that_start_together_build_once_and_a_running_one_keeps_what_it_was_started_from() throws Exception {
        Process running = start("wait");
        Process beside = start("now");
        BufferedReader said = running.inputReader(StandardCharsets.UTF_8);

        assertThat(said.readLine()).isEqualTo("first");
        assertThat(output(beside)).containsExactly("first");
        assertThat(Files.readAllLines(root.resolve("builds"))).hasSize(1);

        Path left = Files.createDirectories(root.resolve("target/copies/left/users"));
        Files.createFile(left.resolve("99999999")); // no system counts processes so far
        for (String next : List.of("second", "third")) {
            write(next);
            assertThat(output(start("now"))).containsExactly(next);
        }
        assertThat(left).doesNotExist();
        assertThat(copies()).as("in use, the one before, the newest").isEqualTo(3);

        running.outputWriter().append('\n').close();
        assertThat(said.readLine()).isEqualTo("still the first");
        assertThat(running.waitFor()).isZero();
        assertThat(Files.readAllLines(root.resolve("builds"))).hasSize(3);
    }

    private void write(String version) throws IOException {
        Files.writeString(root.resolve("app/src/main/Program.java"), """
            class Program {
                public static void main(String[] arguments) throws Exception {
                    System.out.println("%s");
                    if (arguments[0].equals("wait")) {
                        System.in.read();
                        System.out.println(new Late());
                    }
                }
            }
            class Late {
                public String toString() {
                    return "still the %1$s";
                }
            }
            """.formatted(version));
    }

    private Process start(String command) throws IOException {
        return new ProcessBuilder(root.resolve("loreley").toString(), command)
                .redirectError(root.resolve("errors").toFile())
                .start();
    }

    private List<String> output(Process process) throws Exception {
        String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(() -> all + errors()).isZero();
        return all.lines().toList();
    }

    private String errors() {
        try {
            return Files.readString(root.resolve("errors"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private long copies() throws IOException {
        try (Stream<Path> copies = Files.list(root.resolve("target/copies"))) {
            return copies.filter(Files::isDirectory).count();
        }
    }
}
