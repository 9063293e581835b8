package io.loreley.worker;

import io.loreley.domain.FailureKind;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether a job is tried again after a failure that says nothing about it, and when: a service is away, the disk is full.
 * What would fail again, such as a wrong setting, is not.
 */
final class BackOff {

    /** How often a job goes back for such a cause: with pauses that double up to the longest, more than two hours. */
    static final int LIMIT = 12;

    /** How often a stage is paid again that failed after its agent was at work: the cause may come of the work itself. */
    private static final int PAID_LIMIT = 2;

    private static final Duration FIRST = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofMinutes(20);

    private BackOff() {}

    /**
     * The pause after which to try again.
     *
     * @param earlier how often the job was sent back before
     * @param paidInVain how many of its stages failed, this time included, after something was spent in them
     * @return empty where it fails for good
     */
    static Optional<Duration> after(FailureKind kind, int earlier, long paidInVain) {
        boolean passes = kind.origin() == FailureKind.Origin.SERVICE || kind == FailureKind.STORAGE;
        if (!passes || earlier >= LIMIT || paidInVain > PAID_LIMIT) {
            return Optional.empty();
        }
        Duration doubled = FIRST.multipliedBy(1L << earlier);
        return Optional.of(doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST);
    }
}
