package io.loreley.store;

import io.loreley.domain.CommitHash;
import org.jspecify.annotations.Nullable;

/**
 * One recorded commit in the way to another.
 *
 * @param parent the commit that it was made from, which need not be recorded
 * @param summary what it changed
 * @param objective as it was measured; absent if it lacks the metric
 */
public record Ancestor(
        CommitHash commit,
        @Nullable CommitHash parent,
        String summary,
        @Nullable Double objective) {}
