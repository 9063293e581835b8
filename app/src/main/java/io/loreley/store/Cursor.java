package io.loreley.store;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A place in a listing that goes by time: behind a row.
 *
 * @param moment of the last row seen
 * @param row tells rows of one moment apart
 */
public record Cursor<R>(Instant moment, R row) {

    /** Beyond what a listing shows, and far within what the database and the calendar can say. */
    private static final Instant END = Instant.parse("9999-12-31T23:59:59Z");

    /**
     * Reads what {@link #toString} wrote.
     *
     * @param row reads what tells rows apart
     * @throws IllegalArgumentException if it was something else
     */
    public static <R> Cursor<R> parse(String text, Function<String, R> row) {
        int end = text.indexOf('_');
        try {
            Instant moment = Instant.parse(text.substring(0, Math.max(0, end)));
            if (moment.isBefore(Instant.EPOCH) || moment.isAfter(END)) {
                throw new IllegalArgumentException("no row is of " + moment);
            }
            return new Cursor<>(moment, row.apply(text.substring(end + 1)));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException("not a cursor: '%s'".formatted(text), e);
        }
    }

    static @Nullable String after(boolean more, @Nullable Instant moment, Object row) {
        return more && moment != null ? new Cursor<>(moment, row).toString() : null;
    }

    @Override
    public String toString() {
        return moment + "_" + row;
    }
}
