package io.loreley.evaluation;

import io.loreley.domain.CommitHash;
import org.jspecify.annotations.Nullable;

/**
 * What is evaluated.
 *
 * @param base the commit it was made from; absent for the root
 * @param seed makes a seeded evaluator repeat itself
 */
public record Candidate(CommitHash commit, @Nullable CommitHash base, String job, String goal, long seed) {}
