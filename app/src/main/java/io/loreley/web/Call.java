package io.loreley.web;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobId;
import io.loreley.store.ApiTokens;
import io.loreley.store.Cursor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One request, read strictly: a parameter that cannot be understood is refused, never replaced. */
final class Call {

    private static final int LONGEST_TEXT = 1024;

    private final ServerRequest request;
    private final ApiTokens.Owner caller;

    Call(ServerRequest request, ApiTokens.Owner caller) {
        this.request = request;
        this.caller = caller;
    }

    /** Who asks, and what they may do. */
    ApiTokens.Owner caller() {
        return caller;
    }

    String path(String name) {
        return withoutNul(name, request.path().pathParameters().get(name));
    }

    ExperimentId experiment() {
        return new ExperimentId(uuid("experiment", path("experiment")));
    }

    JobId job() {
        return new JobId(uuid("job", path("job")));
    }

    /** A commit by a full hash, or by its first digits. */
    String commit() {
        return hash(path("commit"));
    }

    static String hash(String text) {
        String digits = text.toLowerCase(Locale.ROOT);
        if (!digits.matches("[0-9a-f]{4,64}")) {
            throw Problem.badRequest(
                    "'%s' is no commit: give a hash, or at least its first four digits".formatted(shown(text)));
        }
        return digits;
    }

    Optional<String> query(String name) {
        Optional<String> value = request.query().first(name).asOptional().filter(text -> !text.isBlank());
        value.ifPresent(text -> {
            if (text.length() > LONGEST_TEXT) {
                throw Problem.badRequest("%s: longer than %d characters".formatted(name, LONGEST_TEXT));
            }
            withoutNul(name, text);
        });
        return value;
    }

    /** No file and no row has such a name: neither the file system nor the database takes this character. */
    private static String withoutNul(String name, String text) {
        if (text.indexOf(0) >= 0) {
            throw Problem.badRequest("%s: the character with the code 0 cannot be part of it".formatted(name));
        }
        return text;
    }

    int number(String name, int fallback, int least, int most) {
        Optional<String> text = query(name);
        if (text.isEmpty()) {
            return fallback;
        }
        long value = whole(name, text.get());
        if (value < least || value > most) {
            throw Problem.badRequest("%s: %d is out of range: from %d to %d".formatted(name, value, least, most));
        }
        return (int) value;
    }

    /** A number from 0. */
    static long whole(String name, String text) {
        if (!text.matches("\\d{1,18}")) {
            throw Problem.badRequest("%s: expected a whole number, found '%s'".formatted(name, shown(text)));
        }
        return Long.parseLong(text);
    }

    /** One of a fixed set of words. */
    String word(String name, String fallback, List<String> known) {
        String word = query(name).orElse(fallback);
        if (!known.contains(word)) {
            throw Problem.badRequest(
                    "%s: '%s' is unknown; known are %s".formatted(name, shown(word), String.join(", ", known)));
        }
        return word;
    }

    /** Several names of an enum, separated by commas. */
    <E extends Enum<E>> Set<E> words(String name, Class<E> type) {
        return query(name)
                .map(text -> Arrays.stream(text.split(","))
                        .map(word -> constant(name, type, word))
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    <E extends Enum<E>> @Nullable String constant(String name, Class<E> type) {
        return query(name).map(word -> constant(name, type, word).name()).orElse(null);
    }

    private static <E extends Enum<E>> E constant(String name, Class<E> type, String word) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(word.strip())) {
                return constant;
            }
        }
        throw Problem.badRequest("%s: '%s' is unknown; known are %s"
                .formatted(
                        name,
                        shown(word),
                        Arrays.stream(type.getEnumConstants()).map(Enum::name).collect(Collectors.joining(", "))));
    }

    /**
     * Where a listing goes on; absent to begin.
     *
     * @param row reads what tells rows of one moment apart
     */
    <R> Optional<Cursor<R>> cursor(Function<String, R> row) {
        try {
            return query("cursor").map(text -> Cursor.parse(text, row));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("cursor: give back what `next` said, unchanged");
        }
    }

    /** Whether a browser keeps a token for us. */
    boolean hasCookie() {
        return Guard.cookie(request).isPresent();
    }

    Optional<String> header(String name) {
        return request.headers().first(HeaderNames.create(name));
    }

    /** Path and query: what the answer depends on. */
    String address() {
        return request.path().path() + "?" + request.query().rawValue();
    }

    byte[] body(int most) {
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        try (InputStream in = request.content().inputStream()) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw Problem.tooLarge("the request's body is larger than %d bytes".formatted(most));
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("the request's body cannot be read", e);
        }
    }

    private static UUID uuid(String name, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("%s: '%s' is not a UUID".formatted(name, shown(text)));
        }
    }

    private static String shown(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
