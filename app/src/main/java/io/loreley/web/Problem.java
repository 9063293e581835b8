package io.loreley.web;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request that cannot be answered as asked: what the client is told, as {@code application/problem+json} (RFC 9457). */
final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String title;
    private final @Nullable Duration retryAfter;

    private Problem(int status, String title, String detail) {
        this(status, title, detail, null);
    }

    private Problem(int status, String title, String detail, @Nullable Duration retryAfter) {
        super(detail);
        this.status = status;
        this.title = title;
        this.retryAfter = retryAfter;
    }

    static Problem notFound(String detail) {
        return new Problem(404, "Not found", detail);
    }

    static Problem badRequest(String detail) {
        return new Problem(400, "Bad request", detail);
    }

    static Problem unauthorized(String detail) {
        return new Problem(401, "Token needed", detail);
    }

    static Problem forbidden(String detail) {
        return new Problem(403, "Not allowed", detail);
    }

    static Problem conflict(String detail) {
        return new Problem(409, "Not possible now", detail);
    }

    static Problem tooLarge(String detail) {
        return new Problem(413, "Too large", detail);
    }

    static Problem misdirected(String detail) {
        return new Problem(421, "Misdirected request", detail);
    }

    static Problem unavailable(String detail) {
        return new Problem(503, "Unavailable", detail);
    }

    /** Possible in a while: there is much to do. */
    static Problem busy(String detail, Duration retryAfter) {
        return new Problem(503, "Busy", detail, retryAfter);
    }

    static Problem internal(String detail) {
        return new Problem(500, "Internal error", detail);
    }

    int status() {
        return status;
    }

    /** When it is worth another try, if somebody can say. */
    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    Map<String, Object> body() {
        return Map.of("type", "about:blank", "title", title, "status", status, "detail", String.valueOf(getMessage()));
    }

    /** An answer, not a bug: nobody reads its trace. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
