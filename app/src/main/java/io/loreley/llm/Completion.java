package io.loreley.llm;

import io.loreley.domain.Usage;

/**
 * What a language model wrote.
 *
 * @param text stripped, not empty
 * @param usage what it used; all zero where the endpoint did not say
 */
public record Completion(String text, Usage usage) {}
