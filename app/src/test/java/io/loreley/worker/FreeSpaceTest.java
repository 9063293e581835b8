package io.loreley.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeSpaceTest {

    @TempDir
    Path folder;

    @Test
    void the_disk_of_each_folder_is_asked() {
        assertThat(new FreeSpace(List.of(folder, ProcessRunner.temporaryFolder())).full())
                .isEmpty();
        assertThatThrownBy(() -> new FreeSpace(List.of(folder, folder.resolve("gone"))).full())
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.STORAGE))
                .hasMessageContaining("gone");
    }
}
