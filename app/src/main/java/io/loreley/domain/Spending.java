package io.loreley.domain;

/**
 * What calls of language models used, summed up.
 *
 * @param unpricedCalls how many of the calls had no known price; their cost is missing in {@code costUsd}
 * @param inputTokens all tokens that were read, those from a cache included
 * @param cachedInputTokens those of them that came from the provider's cache
 * @param outputTokens all tokens that were written, reasoning included
 * @param costUsd US dollars, of the calls whose price is known
 */
public record Spending(
        long calls, long unpricedCalls, long inputTokens, long cachedInputTokens, long outputTokens, double costUsd) {

    public static final Spending NONE = new Spending(0, 0, 0, 0, 0, 0);

    /** One call. */
    public static Spending of(Usage call) {
        Double cost = call.costUsd();
        return new Spending(
                1,
                cost == null ? 1 : 0,
                call.inputTokens(),
                call.cachedInputTokens(),
                call.outputTokens(),
                cost == null ? 0 : cost);
    }

    public Spending plus(Spending other) {
        return new Spending(
                calls + other.calls,
                unpricedCalls + other.unpricedCalls,
                inputTokens + other.inputTokens,
                cachedInputTokens + other.cachedInputTokens,
                outputTokens + other.outputTokens,
                costUsd + other.costUsd);
    }

    /** Read and written, those from a cache included. */
    public long tokens() {
        return inputTokens + outputTokens;
    }

    /** Whether {@link #costUsd} is all that was paid. */
    public boolean isPriced() {
        return unpricedCalls == 0;
    }
}
