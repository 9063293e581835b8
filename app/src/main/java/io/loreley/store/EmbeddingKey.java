package io.loreley.store;

/**
 * What a vector is the answer to.
 *
 * @param blob the hash of a content
 * @param model the embedding model and everything else that the vector depends on
 */
public record EmbeddingKey(String blob, String model) {}
