package io.loreley.worker;

import io.loreley.domain.JobId;

/** The attempt no longer holds its job: it was cancelled, or another worker took it. There is nothing left to do. */
final class AttemptLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AttemptLostException(JobId job, int attempt) {
        super("attempt %d no longer holds job %s".formatted(attempt, job));
    }
}
