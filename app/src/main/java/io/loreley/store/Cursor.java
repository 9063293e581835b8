package io.loreley.store;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A place in a listing that goes from new to old.
 *
 * @param before moment of the last row seen
 * @param id tells rows of one moment apart
 */
public record Cursor(Instant before, UUID id) {

    /** Reads what {@link #toString} wrote. */
    public static Cursor parse(String text) {
        int end = text.indexOf('_');
        try {
            return new Cursor(
                    Instant.parse(text.substring(0, Math.max(0, end))), UUID.fromString(text.substring(end + 1)));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException("not a cursor: '%s'".formatted(text), e);
        }
    }

    static @Nullable String after(boolean more, @Nullable Instant moment, UUID id) {
        return more && moment != null ? new Cursor(moment, id).toString() : null;
    }

    @Override
    public String toString() {
        return before + "_" + id;
    }
}
