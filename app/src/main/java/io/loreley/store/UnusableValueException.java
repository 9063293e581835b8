package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;

/**
 * A value that somebody asked or ordered with can be neither compared nor stored, such as a text with U+0000: nothing is
 * wrong with the database, and nothing was changed.
 */
public final class UnusableValueException extends LoreleyException {

    private static final long serialVersionUID = 1L;

    UnusableValueException(String message, Throwable cause) {
        super(FailureKind.CONFIGURATION, message, cause);
    }
}
