package io.loreley.llm;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;

/** The endpoint understood, and will not do it, whoever asks however often: what was sent is at fault. */
public final class RefusedException extends LoreleyException {

    private static final long serialVersionUID = 1L;

    RefusedException(FailureKind kind, String message) {
        super(kind, message);
    }
}
