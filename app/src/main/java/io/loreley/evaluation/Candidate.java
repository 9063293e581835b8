package io.loreley.evaluation;

import io.loreley.domain.CommitHash;
import org.jspecify.annotations.Nullable;

/**
 * What is evaluated.
 *
 * @param base the commit it was made from; absent for the root
 * @param seed makes a seeded evaluator repeat itself
 * @param again whether it was measured before, and is to be measured anew
 */
public record Candidate(
        CommitHash commit, @Nullable CommitHash base, String job, String goal, long seed, boolean again) {

    /** Measured for the first time. */
    public Candidate(CommitHash commit, @Nullable CommitHash base, String job, String goal, long seed) {
        this(commit, base, job, goal, seed, false);
    }

    /** The same candidate under another seed. */
    Candidate withSeed(long newSeed) {
        return new Candidate(commit, base, job, goal, newSeed, again);
    }
}
