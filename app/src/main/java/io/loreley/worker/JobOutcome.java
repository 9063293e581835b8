package io.loreley.worker;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Measurement;
import io.loreley.store.JobResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an attempt ended. */
sealed interface JobOutcome {

    /** A candidate was committed and evaluated; {@code objective} is what it was measured with. */
    record Evolved(JobResult result, double objective) implements JobOutcome {}

    /** A candidate was committed and measured, and may not compete. */
    record Rejected(JobResult result, String verdict) implements JobOutcome {}

    /** A known commit was measured again. */
    record Remeasured(CommitHash commit, List<Measurement> metrics, double objective) implements JobOutcome {
        public Remeasured {
            metrics = List.copyOf(metrics);
        }
    }

    /**
     * A best was measured by the hold-out.
     *
     * @param reason why it fails; absent if it passes
     */
    record HeldOut(CommitHash commit, @Nullable String reason) implements JobOutcome {}

    /** The agent left the base as it was; there is nothing to evaluate. */
    record Unchanged() implements JobOutcome {}

    /** It ended without a candidate. */
    record Failed(FailureKind kind, String message) implements JobOutcome {}
}
