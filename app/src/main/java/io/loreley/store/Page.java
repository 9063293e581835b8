package io.loreley.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a listing.
 *
 * @param total how many there are in all, counted up to {@link #COUNTED}
 * @param next where the following page begins; absent on the last
 */
public record Page<T>(List<T> items, long total, @Nullable String next) {

    /** Beyond this, a listing that is filtered says "at least so many": counting all would read them all. */
    public static final long COUNTED = 10_000;

    public Page {
        items = List.copyOf(items);
    }
}
