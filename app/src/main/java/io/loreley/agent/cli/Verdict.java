package io.loreley.agent.cli;

import io.loreley.domain.FailureKind;

/** What a run that ended by itself came to. */
public sealed interface Verdict {

    /**
     * It came to its end.
     *
     * @param text its last message, or the report that its provider made to a schema; may be empty
     */
    record Answered(String text) implements Verdict {}

    /**
     * It did not.
     *
     * @param why completes the sentence "The agent …"
     */
    record Failed(FailureKind kind, String why) implements Verdict {}
}
