package io.loreley.domain;

import java.util.Locale;

/** What the archive said to a job's commit. Absent until it was offered. */
public enum IngestionStatus {
    /** It became the elite of a cell. */
    SUCCEEDED,
    /** It was offered and not kept; {@code ingestion_message} says why. */
    SKIPPED,
    /** Offering it failed; it is tried again until its attempts are used up. */
    FAILED;

    /** The text stored in {@code evolution_jobs.ingestion_status}. */
    public String stored() {
        return name().toLowerCase(Locale.ROOT);
    }
}
