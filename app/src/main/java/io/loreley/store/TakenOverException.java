package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;

/** Another process schedules the experiment now; whoever gets this may write nothing more. */
public final class TakenOverException extends LoreleyException {

    private static final long serialVersionUID = 1L;

    TakenOverException() {
        super(
                FailureKind.CONFIGURATION,
                "another process took over this experiment while this one was away; this run ends");
    }
}
