package io.loreley.contract;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import org.jspecify.annotations.Nullable;

/** Whom a program stands for, and what its failures are called. */
public enum Role {
    AGENT("agent", FailureKind.AGENT_CRASH, FailureKind.AGENT_TIMEOUT, FailureKind.AGENT_OUTPUT),
    EVALUATOR("evaluator", FailureKind.EVALUATOR_CRASH, FailureKind.EVALUATOR_TIMEOUT, FailureKind.EVALUATOR_OUTPUT);

    private final String word;
    private final FailureKind crash;
    private final FailureKind timeout;
    private final FailureKind output;

    Role(String word, FailureKind crash, FailureKind timeout, FailureKind output) {
        this.word = word;
        this.crash = crash;
        this.timeout = timeout;
        this.output = output;
    }

    /** It could not be started, crashed, or ended with a failing exit code. */
    public LoreleyException crashed(String what, @Nullable Throwable cause) {
        return failure(crash, what, cause);
    }

    /** It did not end in its time. */
    public LoreleyException overran(String what) {
        return failure(timeout, what, null);
    }

    /** What it wrote is too much or cannot be read. */
    public LoreleyException unreadable(String what, @Nullable Throwable cause) {
        return failure(output, what, cause);
    }

    private LoreleyException failure(FailureKind kind, String what, @Nullable Throwable cause) {
        return new LoreleyException(kind, "The " + word + " " + what, cause);
    }
}
