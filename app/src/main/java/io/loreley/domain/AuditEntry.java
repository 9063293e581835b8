package io.loreley.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One order that a person gave.
 *
 * @param actor who: a user and a host, or the name of a token
 * @param action what, in a word
 * @param target the job, commit, worker or island that it was about
 */
public record AuditEntry(
        long id,
        Instant at,
        String actor,
        String action,
        @Nullable String target,
        @Nullable String details) {}
