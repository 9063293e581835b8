package io.loreley.store;

import io.loreley.domain.IngestionStatus;
import org.jspecify.annotations.Nullable;

/**
 * What the archive said to a job's commit.
 *
 * @param delta by how much the objective exceeded what the cell asked for; absent if no cell was asked
 * @param statusCode 2 a new cell, 1 an improved one, 0 not kept; absent if no cell was asked
 * @param cell the cell it holds; absent if it was not kept
 * @param isProved false if it is better than the elite of its cell, but not so clearly that it would take its place
 */
public record Ingested(
        IngestionStatus status,
        @Nullable Double delta,
        @Nullable Integer statusCode,
        @Nullable String message,
        @Nullable Long cell,
        boolean isProved) {

    public Ingested(
            IngestionStatus status, double delta, int statusCode, @Nullable String message, @Nullable Long cell) {
        this(status, delta, statusCode, message, cell, true);
    }

    /** It was not offered to the archive, for a reason that another try would not change. */
    static Ingested notOffered(String reason) {
        return new Ingested(IngestionStatus.SKIPPED, null, null, reason, null, true);
    }
}
