package io.loreley.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.LoreleyException;
import io.loreley.git.Source.FolderSource;
import io.loreley.git.Source.GitSource;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SourceTest {

    @TempDir
    Path folder;

    private final ProcessRunner processes = new ProcessRunner();

    @AfterEach
    void close() {
        processes.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://github.com/owner/repo.git",
                "ssh://git@host:2222/repo",
                "git@github.com:owner/repo.git",
                "github.com:owner/repo.git",
                "file:///srv/repo.git",
            })
    void a_url_is_taken_as_it_is(String url) {
        assertThat(detect(url, false)).isEqualTo(new GitSource(url, null, ""));
    }

    @Test
    void a_path_is_relative_to_the_project() throws IOException {
        Path root = TestRepository.create(folder.resolve("repo"), processes).root();
        Files.createDirectories(root.resolve("deep/er"));

        assertThat(detect("repo", false)).isEqualTo(new GitSource(root.toString(), root, ""));
        assertThat(detect("./repo/deep/er/", false)).isEqualTo(new GitSource(root.toString(), root, "deep/er"));
        assertThat(detect("repo/deep", true)).isEqualTo(new FolderSource(root.resolve("deep")));
    }

    @Test
    void a_folder_outside_any_repository_is_files() throws IOException {
        Path plain = Files.createDirectories(folder.resolve("plain"));
        assertThat(detect("plain", false)).isEqualTo(new FolderSource(plain));
    }

    @Test
    void a_damaged_repository_is_not_taken_for_files() throws IOException {
        Files.createDirectories(folder.resolve("damaged/.git"));
        assertThatThrownBy(() -> detect("damaged", false)).isInstanceOf(LoreleyException.class);
    }

    @Test
    void a_path_that_is_not_there_is_named() {
        assertThatThrownBy(() -> detect("gone", false))
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining(folder.resolve("gone").toString());
    }

    @Test
    void a_source_describes_itself_without_credentials() {
        assertThat(new GitSource("https://me:secret@host/r.git", null, "sub").describe())
                .isEqualTo("https://***@host/r.git (sub)");
    }

    private Source detect(String location, boolean importFolder) {
        return Source.detect(location, folder, importFolder, processes);
    }
}
