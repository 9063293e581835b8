package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a training that fails a user would notice nothing but slow starts. */
class TrainCommandIT {

    @TempDir
    Path folder;

    @Test
    void what_the_launcher_records_is_a_whole_search_and_leaves_no_server() {
        var said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        Map<String, String> environment =
                Map.of("PATH", System.getenv("PATH"), "DATABASE_URL", "postgresql://127.0.0.1:1/of-the-user");
        var surroundings = new Surroundings(environment, stream, stream, InstantSource.system(), Optional::empty);

        int code = Main.execute(
                surroundings, new LocalEngine(InstantSource.system(), environment), "train", folder.toString());

        assertThat(code).isZero();
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("raise the value", "the jobs of the budget are done")
                .doesNotContain("no search could be made");
        assertThat(folder.resolve("home/postgres/data-18"))
                .isDirectory()
                .isDirectoryNotContaining("glob:**/postmaster.pid");
    }
}
