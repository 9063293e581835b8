package io.loreley.contract;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import org.jspecify.annotations.Nullable;

/** Whom a program stands for, and what its failures are called. */
public enum Role {
    AGENT(
            "agent",
            FailureKind.AGENT_CRASH,
            FailureKind.AGENT_CRASH,
            FailureKind.AGENT_TIMEOUT,
            FailureKind.AGENT_OUTPUT),
    /** What a crash of it says of a candidate, its absence says of the machine: every other job would pay its agent and fail. */
    EVALUATOR(
            "evaluator",
            FailureKind.CONFIGURATION,
            FailureKind.EVALUATOR_CRASH,
            FailureKind.EVALUATOR_TIMEOUT,
            FailureKind.EVALUATOR_OUTPUT);

    private final String word;
    private final FailureKind absence;
    private final FailureKind crash;
    private final FailureKind timeout;
    private final FailureKind output;

    Role(String word, FailureKind absence, FailureKind crash, FailureKind timeout, FailureKind output) {
        this.word = word;
        this.absence = absence;
        this.crash = crash;
        this.timeout = timeout;
        this.output = output;
    }

    /** This machine could not start it. */
    LoreleyException absent(String what, @Nullable Throwable cause) {
        return failure(absence, what, cause);
    }

    /** It crashed, ended with a failing exit code, or is the candidate's own and could not be started. */
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
