package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * What an ended job tried, and what came of it.
 *
 * @param base what it started from
 * @param plan what was planned; absent without a planning stage
 * @param summary what the agent says it did; absent if it did not come to that
 * @param failure absent for a success
 * @param error the message of the failure
 * @param objective what the result was measured with
 * @param baseObjective what the base was measured with
 * @param evaluation the evaluator's words on the result
 * @param rejection why the result may not compete; absent if it may
 * @param kept whether it became an elite
 */
public record PastAttempt(
        @Nullable CommitHash base,
        @Nullable String plan,
        @Nullable String summary,
        @Nullable FailureKind failure,
        @Nullable String error,
        @Nullable Double objective,
        @Nullable Double baseObjective,
        @Nullable String evaluation,
        @Nullable String rejection,
        boolean kept) {}
