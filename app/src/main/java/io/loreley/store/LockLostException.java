package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;

/** Another process schedules the experiment now. Whatever this one still wanted to write is not its to write. */
public final class LockLostException extends LoreleyException {

    private static final long serialVersionUID = 1L;

    LockLostException(String message) {
        super(FailureKind.CONFIGURATION, message);
    }
}
