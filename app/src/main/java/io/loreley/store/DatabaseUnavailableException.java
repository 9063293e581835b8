package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import org.jspecify.annotations.Nullable;

/**
 * The database cannot be reached, has no room, or had to end one of two transactions that stood in each other's way:
 * nothing was wrong with what it was asked, and the same may be asked again in a while. Whether a transaction that was being committed took place is not known; what is written under it must bear being
 * written twice.
 */
public final class DatabaseUnavailableException extends LoreleyException {

    private static final long serialVersionUID = 1L;

    DatabaseUnavailableException(String message, @Nullable Throwable cause) {
        super(FailureKind.DATABASE, message, cause);
    }
}
