package io.loreley.llm;

import io.loreley.domain.Usage;

/**
 * What a language model wrote.
 *
 * @param text stripped, not empty
 * @param usage what it used; without tokens where the endpoint did not say, which is not the same as free
 */
public record Completion(String text, Usage usage) {}
