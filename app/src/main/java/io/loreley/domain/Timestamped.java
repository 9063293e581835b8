package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import org.hibernate.annotations.Generated;
import org.hibernate.generator.EventType;
import org.jspecify.annotations.Nullable;

/**
 * When a row was written and last changed. Both are the database's doing, by default and by trigger, so that they are
 * true on every write path, bulk statements included.
 */
@MappedSuperclass
public abstract class Timestamped {

    @Generated(event = EventType.INSERT)
    @Column(name = "created_at", nullable = false, insertable = false, updatable = false)
    private @Nullable Instant createdAt;

    @Generated(event = {EventType.INSERT, EventType.UPDATE})
    @Column(name = "updated_at", nullable = false, insertable = false, updatable = false)
    private @Nullable Instant updatedAt;

    /** Absent until the row was stored. */
    public @Nullable Instant createdAt() {
        return createdAt;
    }

    /** Absent until the row was stored. */
    public @Nullable Instant updatedAt() {
        return updatedAt;
    }
}
