package io.loreley.domain;

import org.jspecify.annotations.Nullable;

/**
 * Something failed that the caller cannot use. The message says what failed, with which input, and what to do; the kind
 * lets failures be counted. Caught in three places only: around a job, around a tick, around a request.
 */
public class LoreleyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final FailureKind kind;

    public LoreleyException(FailureKind kind, String message) {
        this(kind, message, null);
    }

    public LoreleyException(FailureKind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public FailureKind kind() {
        return kind;
    }
}
