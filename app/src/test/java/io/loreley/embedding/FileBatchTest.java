package io.loreley.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.store.EmbeddingKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileBatchTest {

    @Test
    void a_file_that_cannot_be_read_fails_its_commit_and_is_named() {
        FileBatch batch = new FileBatch(2);
        batch.add(new FileContent(new EmbeddingKey("ab".repeat(20), "model"), Language.of("a.js")), new byte[] {1});

        assertThatThrownBy(() -> batch.texts((content, _) -> endless(content)))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.EMBEDDING))
                .hasMessageContaining("ab".repeat(20));
    }

    @SuppressWarnings("InfiniteRecursion")
    private static List<String> endless(byte[] content) {
        return endless(content.clone());
    }
}
