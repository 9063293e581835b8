package io.loreley.scheduler;

import io.loreley.domain.CommitHash;
import io.loreley.scheduler.NoiseRule.Estimate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Decides by the noise rule who keeps a cell. Where that cannot be said, the one of the two that was measured less often is
 * to be measured again. Which pairs there are follows from what the islands know, also when they are read again; only who
 * was chosen already is remembered. For one thread.
 */
public final class Contest {

    /** A pair that so many measurements of each cannot tell apart is as good as equal. */
    private static final int MOST_SAMPLES = 32;

    private final NoiseRule rule;
    private final double recheck;
    private final CommitHash root;
    private final Function<CommitHash, Estimate> source;
    private final Map<CommitHash, Estimate> estimates = new HashMap<>();
    /** Chosen to be measured again, and not measured since. */
    private final Set<CommitHash> chosen = new HashSet<>();

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

    /** Whether a challenger with a better value takes the place. */
    boolean isWon(CommitHash challenger, CommitHash incumbent) {
        return rule.isBetter(
                estimate(challenger), estimate(incumbent), estimate(root).deviation());
    }

    /**
     * The next commit to be measured again, each once until it was.
     *
     * @param pairs that compete, the first to be asked about first
     * @param isAllowed whether a commit may be measured now
     */
    Optional<CommitHash> next(Stream<Pair> pairs, Predicate<CommitHash> isAllowed) {
        Optional<CommitHash> next = pairs.flatMap(pair -> unsure(pair).stream())
                .filter(commit -> !chosen.contains(commit) && isAllowed.test(commit))
                .findFirst();
        next.ifPresent(chosen::add);
        return next;
    }

    /** The one of a pair that another measurement says more of; none if they are told apart, or as good as equal. */
    private Optional<CommitHash> unsure(Pair pair) {
        Estimate theirs = estimate(pair.challenger());
        Estimate ours = estimate(pair.incumbent());
        if (theirs.value() <= ours.value() || isWon(pair.challenger(), pair.incumbent())) {
            return Optional.empty();
        }
        CommitHash unsure = theirs.samples() < ours.samples() ? pair.challenger() : pair.incumbent();
        return Optional.of(unsure).filter(commit -> estimate(commit).samples() < MOST_SAMPLES);
    }

    /** Memory and database may differ: what is known of each is read again. */
    void forget() {
        estimates.clear();
        chosen.clear();
    }

    /** A commit was measured again: what was known of it is no longer true. */
    void forget(CommitHash commit) {
        estimates.remove(commit);
        chosen.remove(commit);
    }

    private Estimate estimate(CommitHash commit) {
        return estimates.computeIfAbsent(commit, source);
    }

    /** A commit and the elite that keeps the place that it asks for. */
    record Pair(CommitHash challenger, CommitHash incumbent) {}
}
