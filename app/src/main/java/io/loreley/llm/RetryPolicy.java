package io.loreley.llm;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a request is worth repeating, and how long to wait before: as long as the endpoint says, else a time that doubles,
 * of which a random half is taken off so that many who were refused together do not come back together.
 */
final class RetryPolicy {

    /** Attempts in all. Who asks has patience of its own, and loses nothing by asking again later. */
    static final int ATTEMPTS = 4;

    private static final Duration FIRST = Duration.ofSeconds(1);
    /** An endpoint that asks for more is treated as unavailable. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_EARLY = 425;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final InstantSource clock;
    private final RandomGenerator random;

    RetryPolicy(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** Whether the same request may be answered later. */
    static boolean isPassing(int status) {
        return status >= SERVER_ERROR
                || status == TOO_MANY_REQUESTS
                || status == REQUEST_TIMEOUT
                || status == TOO_EARLY;
    }

    /**
     * How long to wait.
     *
     * @param attempt from 1
     * @return empty if the endpoint asks for more patience than there is
     */
    Optional<Duration> wait(int attempt, HttpHeaders answer) {
        Optional<Duration> asked = answer.firstValue("Retry-After").flatMap(this::retryAfter);
        if (asked.isPresent()) {
            return asked.filter(duration -> duration.compareTo(LONGEST) <= 0);
        }
        return Optional.of(wait(attempt));
    }

    /** How long to wait where there was no answer. */
    Duration wait(int attempt) {
        Duration whole = FIRST.multipliedBy(1L << Math.min(attempt - 1, 6));
        return whole.minus(Duration.ofMillis((long) (whole.toMillis() * random.nextDouble() / 2)));
    }

    /** Seconds or a date (RFC 9110, 10.2.3). */
    private Optional<Duration> retryAfter(String text) {
        String value = text.strip();
        if (value.matches("\\d{1,9}(\\.\\d{1,9})?")) {
            return Optional.of(Duration.ofMillis((long) Math.ceil(Double.parseDouble(value) * 1000)));
        }
        try {
            Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(clock.instant(), until);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
