package io.loreley.scheduler;

import io.loreley.domain.CommitHash;
import io.loreley.scheduler.NoiseRule.Estimate;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Decides by the noise rule who keeps a cell, and remembers what could not be decided: the one of the two that was measured
 * less often is to be measured again. What is remembered follows from what the islands know, and is found again when they
 * are read. For one thread.
 */
public final class Contest {

    /** A pair that so many measurements of each cannot tell apart is as good as equal. */
    private static final int MOST_SAMPLES = 32;

    private final NoiseRule rule;
    private final double recheck;
    private final CommitHash root;
    private final Function<CommitHash, Estimate> source;
    private final Map<CommitHash, Estimate> estimates = new HashMap<>();
    private final SequencedSet<CommitHash> undecided = new LinkedHashSet<>();

    /**
     * @param recheck the share of draws that measure an elite again
     * @param root its deviation is the noise floor
     * @param source what the database knows of the objective of a recorded commit
     */
    public Contest(NoiseRule rule, double recheck, CommitHash root, Function<CommitHash, Estimate> source) {
        this.rule = rule;
        this.recheck = recheck;
        this.root = root;
        this.source = source;
    }

    /** One without noise: whoever is better takes the place, and nobody is measured again. */
    static Contest strict(CommitHash root) {
        return new Contest(NoiseRule.STRICT, 0, root, commit -> {
            throw new IllegalStateException("a strict contest asks for no estimate of " + commit);
        });
    }

    /** Whether values are compared plainly. */
    boolean isStrict() {
        return rule.isStrict();
    }

    double recheck() {
        return recheck;
    }

    /** Whether a challenger with a better value takes the place; notes the pair if that cannot be said. */
    boolean isWon(CommitHash challenger, CommitHash incumbent) {
        Estimate theirs = estimate(challenger);
        Estimate ours = estimate(incumbent);
        if (rule.isBetter(theirs, ours, estimate(root).deviation())) {
            return true;
        }
        if (theirs.value() > ours.value()) {
            CommitHash unsure = theirs.samples() < ours.samples() ? challenger : incumbent;
            if (estimate(unsure).samples() < MOST_SAMPLES) {
                undecided.add(unsure);
            }
        }
        return false;
    }

    /** The next commit to be measured again, which is then no longer noted. */
    Optional<CommitHash> next(Predicate<CommitHash> isAllowed) {
        Optional<CommitHash> next = undecided.stream().filter(isAllowed).findFirst();
        next.ifPresent(undecided::remove);
        return next;
    }

    /** Memory and database may differ: what is known of each is read again. */
    void forget() {
        estimates.clear();
    }

    /** What was known of a commit is no longer true. */
    void forget(CommitHash commit) {
        estimates.remove(commit);
    }

    private Estimate estimate(CommitHash commit) {
        return estimates.computeIfAbsent(commit, source);
    }
}
