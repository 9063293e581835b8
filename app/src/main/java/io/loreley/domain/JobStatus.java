package io.loreley.domain;

/** Where a job stands. The edges are drawn in {@code docs/job-states.md} and held by a trigger of the database. */
public enum JobStatus {
    /** Drawn from the archive, and not yet in the queue. */
    PENDING,
    /** In the queue, waiting for a worker. */
    QUEUED,
    /** A worker holds it; every write names the attempt it belongs to. */
    RUNNING,
    /** A candidate was committed, evaluated and recorded; ingestion follows. */
    SUCCEEDED,
    /** It ended without a recorded candidate; {@code failure_kind} and {@code last_error} say why. */
    FAILED,
    /** A person ended it. */
    CANCELLED;

    public boolean isFinal() {
        return switch (this) {
            case PENDING, QUEUED, RUNNING -> false;
            case SUCCEEDED, FAILED, CANCELLED -> true;
        };
    }
}
