package io.loreley.domain;

/** How a stage ended. */
public enum StageOutcome {
    /** Its result is recorded; no other attempt runs it again. */
    SUCCEEDED,
    /** It failed, and with it the attempt. */
    FAILED,
    /** The worker was told to stop, or lost the job. */
    INTERRUPTED
}
