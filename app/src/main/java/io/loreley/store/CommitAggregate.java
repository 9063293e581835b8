package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.mapelites.Vector;

/**
 * The sum of the vectors of a commit's files.
 *
 * @param model what the vectors were made with and how files were chosen; sums of different models are never mixed
 * @param files how many were added; each path counts, even if several have the same content
 */
public record CommitAggregate(CommitHash commit, String model, int files, Vector sum) {

    public CommitAggregate {
        if (files < 0 || sum.length() == 0) {
            throw new IllegalArgumentException("a sum of %d files in %d dimensions".formatted(files, sum.length()));
        }
    }
}
