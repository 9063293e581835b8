package io.loreley.embedding;

import io.loreley.store.EmbeddingKey;

/**
 * A content as it is embedded: the same blob under two file names may be two languages.
 *
 * @param key what its vector is stored under
 */
record FileContent(EmbeddingKey key, Language language) {

    String blob() {
        return key.blob();
    }
}
