package io.loreley.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactStoreTest {

    private static final ExperimentId EXPERIMENT = new ExperimentId(new UUID(2, 1));
    private static final JobId JOB = new JobId(new UUID(3, 1));
    private static final String LONG_NAME = "x".repeat(250);

    /** A path of more than 4,096 bytes cannot be opened, by nobody: here by two folders that are put into each other. */
    @Test
    void a_folder_that_cannot_be_read_hides_no_other_file(@TempDir Path folder) throws IOException {
        Path store = Files.createDirectories(nested(folder, 10));
        Path job = Files.createDirectories(store.resolve(EXPERIMENT.toString()).resolve(JOB.toString()));
        Files.writeString(job.resolve("seen.txt"), "seen");
        Path deep = folder.resolve("deep");
        Files.createDirectories(nested(deep, 7));
        Files.move(deep, job.resolve("deep"));
        try {
            assertThat(new ArtifactStore(store).files(EXPERIMENT, JOB))
                    .extracting(ArtifactStore.File::path)
                    .containsExactly("seen.txt");
        } finally {
            Files.move(job.resolve("deep"), deep); // where it can be removed
        }
    }

    private static Path nested(Path folder, int times) {
        Path inner = folder;
        for (int i = 0; i < times; i++) {
            inner = inner.resolve(LONG_NAME);
        }
        return inner;
    }
}
