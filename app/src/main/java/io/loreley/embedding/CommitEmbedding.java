package io.loreley.embedding;

import io.loreley.mapelites.Vector;

/**
 * Where a commit lies, before any projection. Follows from the commit, the root of its experiment and the settings alone,
 * not from the order in which commits were embedded.
 *
 * @param files how many files it was computed from
 * @param model what it was made with; vectors of different models say nothing about one another
 */
public record CommitEmbedding(Vector vector, int files, String model) {

    public CommitEmbedding {
        if (files < 1 || model.isBlank()) {
            throw new IllegalArgumentException("an embedding of %d files by model '%s'".formatted(files, model));
        }
    }
}
