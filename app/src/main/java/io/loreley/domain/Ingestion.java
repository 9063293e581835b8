package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a job's commit when it was offered to the archive.
 *
 * @param status {@code succeeded}, {@code skipped} or {@code failed}; absent until it was offered
 * @param delta by how much the objective exceeded what the cell asked for; absent if no cell was asked
 * @param statusCode 2 a new cell, 1 an improved one, 0 not kept; absent if no cell was asked
 * @param nextAttemptAt when a failed ingestion is tried again
 */
@Embeddable
public record Ingestion(
        @Column(name = "ingestion_status", length = 32) @Nullable
        String status,

        @Column(name = "ingestion_attempts", nullable = false)
        int attempts,

        @Column(name = "ingestion_delta") @Nullable Double delta,
        @Column(name = "ingestion_status_code") @Nullable Integer statusCode,
        @Column(name = "ingestion_message") @Nullable String message,
        @Column(name = "ingestion_cell_index") @Nullable Long cellIndex,

        @Column(name = "ingestion_last_attempt_at") @Nullable
        Instant lastAttemptAt,

        @Column(name = "ingestion_next_attempt_at") @Nullable
        Instant nextAttemptAt,

        @Column(name = "ingestion_reason") @Nullable String reason) {

    /** Not offered yet. */
    public static Ingestion pending() {
        return new Ingestion(null, 0, null, null, null, null, null, null, null);
    }
}
