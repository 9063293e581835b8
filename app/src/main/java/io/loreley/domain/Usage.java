package io.loreley.domain;

import org.jspecify.annotations.Nullable;

/**
 * What one call of a language model used.
 *
 * @param model as the provider names it; absent if it did not say
 * @param inputTokens all tokens that were read, those from a cache included
 * @param cachedInputTokens those of them that came from the provider's cache
 * @param outputTokens all tokens that were written, reasoning included
 * @param costUsd in US dollars; absent where no price is known, which is not the same as free
 */
public record Usage(
        @Nullable String model,
        long inputTokens,
        long cachedInputTokens,
        long outputTokens,
        @Nullable Double costUsd) {

    public Usage {
        if (inputTokens < 0 || cachedInputTokens < 0 || cachedInputTokens > inputTokens || outputTokens < 0) {
            throw new IllegalArgumentException("no such usage: %d tokens read, %d of them cached, %d written"
                    .formatted(inputTokens, cachedInputTokens, outputTokens));
        }
        if (costUsd != null && !(costUsd >= 0 && Double.isFinite(costUsd))) {
            throw new IllegalArgumentException("no such cost: " + costUsd);
        }
    }
}
