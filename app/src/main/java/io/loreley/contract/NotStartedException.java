package io.loreley.contract;

import io.loreley.domain.LoreleyException;

/** A program did not begin its work: it could not be started, or there was no room for what it needs. It cost nothing. */
public final class NotStartedException extends LoreleyException {

    private static final long serialVersionUID = 1L;

    NotStartedException(LoreleyException why) {
        super(why.kind(), String.valueOf(why.getMessage()), why.getCause());
    }
}
