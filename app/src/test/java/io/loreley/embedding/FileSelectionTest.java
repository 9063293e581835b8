package io.loreley.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.git.FileMode;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileSelectionTest {

    @Test
    void excluded_patterns_are_gits() {
        FileSelection selection = selection("vendor", "third/", "*.lock", "/top.txt", "docs/*.md", "!keep.lock");

        assertThat(List.of(
                        "vendor/a.c",
                        "src/vendor/a.c",
                        "src/third/a.c",
                        "a.lock",
                        "src/a.lock",
                        "top.txt",
                        "docs/a.md"))
                .noneMatch(path -> selection.contains(FileMode.REGULAR, path));
        assertThat(List.of("vendors/a.c", "third", "keep.lock", "src/top.txt", "docs/old/a.md", "src/docs/a.md"))
                .allMatch(path -> selection.contains(FileMode.REGULAR, path));
    }

    @Test
    void excluded_patterns_with_slashes_mean_what_they_meant() {
        FileSelection selection = selection("tests/**", "**/node_modules/**", "**/*.lock");

        assertThat(List.of("tests/a/b.c", "node_modules/a.js", "web/node_modules/a/b.js", "a.lock", "b/a.lock"))
                .noneMatch(path -> selection.contains(FileMode.REGULAR, path));
        assertThat(List.of("src/tests/a.c", "tests.c", "node_modules.js", "lock"))
                .allMatch(path -> selection.contains(FileMode.REGULAR, path));
    }

    private static FileSelection selection(String... excluded) {
        return new FileSelection(
                new EmbeddingSettings(
                        EmbeddingKind.HASHING,
                        "model",
                        null,
                        32,
                        List.of(),
                        List.of(),
                        List.of(excluded),
                        64,
                        true,
                        80,
                        64),
                "",
                IgnoreRules.NONE);
    }
}
