package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loreley.store.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A run whose home folder is a small file system of its own, which an agent fills to the brim. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class FullDiskIT {

    /**
     * Mounts the file system, runs the command, and makes room on it once the command says that there is none. It is so large
     * that what a job clears away when it ends, some 600 KB, is no room: a twentieth is the least.
     */
    private static final String ON_A_SMALL_DISK = """
            home=$1; until=$2; shift 2
            mount -t tmpfs -o size=64m none "$home" || exit 99
            "$@" & run=$!
            until grep -qs "$until" "$home"/logs/*; do kill -0 $run || exit 98; sleep 0.2; done
            sleep 3 # in which another agent might begin
            echo room >> "$home/../runs"
            rm "$home/ballast"
            wait $run
            """;

    private static final List<List<String>> NAMESPACES =
            List.of(List.of("unshare", "--mount"), List.of("unshare", "--user", "--map-root-user", "--mount"));

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    @TempDir
    Path folder;

    @Test
    void while_the_disk_is_full_a_job_waits_with_what_its_agent_left_and_no_agent_is_paid_twice() throws Exception {
        run(200_000, "100k", "disk.full", "true");

        assertThat(Files.readAllLines(folder.resolve("runs"))).containsExactly("run", "room", "run");
    }

    @Test
    void while_the_disk_has_little_room_no_other_agent_is_paid() throws Exception {
        run(0, "400k", "disk.low", "until grep -qs disk.low \"$home\"/logs/*; do sleep 0.1; done; sleep 1");

        assertThat(Files.readAllLines(folder.resolve("runs"))).containsExactly("run", "room", "run");
    }

    /**
     * Runs two jobs, of which the first fills the disk, and sees them succeed at the first attempt.
     *
     * @param bytes what the agent adds to the repository
     * @param left how much it leaves free
     * @param until the line of the log that makes room
     * @param last what the agent does when it has filled the disk
     */
    private void run(int bytes, String left, String until, String last) throws Exception {
        List<String> namespace =
                NAMESPACES.stream().filter(FullDiskIT::canMount).findFirst().orElse(List.of());
        assumeTrue(!namespace.isEmpty(), "this kernel lets nobody mount a file system of their own");
        SampleProject project = new SampleProject(folder, postgres.url());
        project.commit("1", "main");
        Files.createDirectories(project.home);
        Files.writeString(project.folder.resolve("agent.sh"), """
                #!/bin/sh
                home="%2$s"
                echo run >> "%1$s/runs"
                head -c %4$d /dev/urandom > value.bin
                echo $(($(cat value.txt) + 1)) > value.txt
                echo '{"summary": "set the value"}' > "$LORELEY_RESULT"
                if mkdir "%1$s/filled" 2> /dev/null; then
                  cat /dev/zero > "$home/ballast" 2> /dev/null
                  truncate --size=-%3$s "$home/ballast"
                  %5$s
                fi
                """.formatted(folder, project.home, left, bytes, last));
        List<String> line = new ArrayList<>(namespace);
        line.addAll(List.of("sh", "-c", ON_A_SMALL_DISK, "sh", project.home.toString(), until));
        line.addAll(LoreleyProcess.line(
                List.of("run", project.folder.toString(), "--jobs", "2", "--workers", "1", "--json")));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("LORELEY_HOME", project.home.toString());
        builder.environment().put("DATABASE_URL", project.databaseUrl());
        Process run = builder.start();

        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(run.waitFor()).as(said).isZero();
        assertThat(project.texts("SELECT DISTINCT status || ' ' || attempt || ' ' || retries FROM evolution_jobs"))
                .as(said)
                .containsExactly("SUCCEEDED 1 0");
    }

    private static boolean canMount(List<String> namespace) {
        List<String> line = new ArrayList<>(namespace);
        line.addAll(List.of("mount", "-t", "tmpfs", "none", "/mnt"));
        try {
            return new ProcessBuilder(line).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
