package io.loreley.embedding;

import io.loreley.mapelites.Vector;

/**
 * Where a commit lies, before any projection.
 *
 * @param files how many files it was computed from
 * @param model who made it
 */
public record CommitEmbedding(Vector vector, int files, String model) {}
