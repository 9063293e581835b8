package io.loreley.scheduler;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import org.jspecify.annotations.Nullable;

/** The root commit cannot be measured or embedded, so there is nothing to search from. Ends the run. */
public final class RootFailedException extends LoreleyException {

    private static final long serialVersionUID = 1L;

    RootFailedException(@Nullable FailureKind kind, @Nullable String reason) {
        super(
                kind == null ? FailureKind.INTERNAL : kind,
                "The root commit could not be evaluated, so there is nothing to search from: " + reason
                        + "\nMend what the message names and run the same command again.");
    }
}
