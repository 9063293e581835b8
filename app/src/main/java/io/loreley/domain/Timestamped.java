package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a row was written and last changed. Both are the database's doing, by default and by trigger, so that they are
 * true on every write path, bulk statements included.
 */
@MappedSuperclass
public abstract class Timestamped {

    @Column(name = "created_at", nullable = false, insertable = false, updatable = false)
    private @Nullable Instant createdAt;

    @Column(name = "updated_at", nullable = false, insertable = false, updatable = false)
    private @Nullable Instant updatedAt;

    /** Absent unless the row was read from the database. */
    public @Nullable Instant createdAt() {
        return createdAt;
    }

    /** Absent unless the row was read from the database. */
    public @Nullable Instant updatedAt() {
        return updatedAt;
    }
}
