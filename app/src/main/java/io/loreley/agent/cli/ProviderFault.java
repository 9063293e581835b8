package io.loreley.agent.cli;

import io.loreley.domain.FailureKind;
import io.loreley.domain.Limits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells by what a provider or its client said whose fault a failed run is. */
final class ProviderFault {

    private static final int UNAUTHORIZED = 401;
    private static final int PAYMENT_REQUIRED = 402;
    private static final int FORBIDDEN = 403;
    private static final int TIMEOUT = 408;
    private static final int TOO_MANY = 429;
    private static final int SERVER = 500;

    private static final int QUOTED = 500; // characters of what was said

    /** A status as HTTP clients word it; a bare number may be anything. */
    private static final Pattern STATUS = Pattern.compile(
            "(?i)\\b(?:status(?:[ _]?code)?|http(?:/\\d(?:\\.\\d)?)?|error|code|got)\\b[\"':= ()]{0,4}([45]\\d\\d)\\b"
                    + "|\\b([45]\\d\\d)\\b[ :-]{1,3}(?:unauthorized|forbidden|payment|too many|internal|bad gateway"
                    + "|service|gateway|server|\\{)");

    private static final List<Map.Entry<FailureKind, Pattern>> WORDS = List.of(
            Map.entry(
                    FailureKind.AGENT_AUTH,
                    words(
                            "unauthori[sz]ed",
                            "invalid (api|x-api)[ -]?key",
                            "incorrect api key",
                            "api key not (valid|found)",
                            "authentication",
                            "not logged in",
                            "please (log|sign) in",
                            "permission denied for (this|the) (model|key)",
                            "missing (environment variable|bearer|api key|credentials)",
                            "no (api key|auth(entication)? (method|credentials))",
                            "set an auth method")),
            Map.entry(
                    FailureKind.AGENT_RATE_LIMIT,
                    words(
                            "rate.?limit",
                            "too many requests",
                            "quota",
                            "resource.?exhausted",
                            "usage limit",
                            "credit balance",
                            "insufficient (funds|credits?)")),
            Map.entry(
                    FailureKind.AGENT_UNAVAILABLE,
                    words(
                            "overloaded",
                            "stream (disconnected|error|closed)",
                            "connection (error|refused|reset|closed|failed|timed out)",
                            "error sending request",
                            "fetch failed",
                            "network error",
                            "socket hang up",
                            "timed? ?out",
                            "terminated",
                            "service unavailable",
                            "internal server error",
                            "bad gateway",
                            "high demand",
                            "econn(refused|reset)",
                            "enotfound",
                            "eai_again",
                            "unable to connect",
                            "premature close",
                            "incomplete json")));

    private ProviderFault() {}

    private static Pattern words(String... alternatives) {
        return Pattern.compile("(?i)" + String.join("|", alternatives));
    }

    /** The failure that a message of the client means; AGENT_CRASH if it names no fault of the provider. */
    static Verdict.Failed of(String message) {
        return failed(kind(message).orElse(FailureKind.AGENT_CRASH), message);
    }

    /** The failure that an HTTP status means, with what was said of it. */
    static Verdict.Failed of(int status, String message) {
        return kind(status)
                .map(kind -> failed(kind, "HTTP status " + status + ": " + message))
                .orElseGet(() -> of(message));
    }

    static Verdict.Failed failed(FailureKind kind, String message) {
        String said = Limits.clamp(Limits.oneLine(message), QUOTED);
        return new Verdict.Failed(
                kind,
                switch (kind) {
                    case AGENT_AUTH -> "was refused by its provider: " + said + ". Check the key and what it may use";
                    case AGENT_RATE_LIMIT -> "asked its provider too often: " + said;
                    case AGENT_UNAVAILABLE -> "could not use its provider: " + said;
                    case AGENT_BUDGET -> "used up what one run may cost: " + said;
                    default -> "failed: " + said;
                });
    }

    private static Optional<FailureKind> kind(String message) {
        Matcher status = STATUS.matcher(message);
        while (status.find()) {
            String digits = status.group(1) == null ? status.group(2) : status.group(1);
            Optional<FailureKind> kind = kind(Integer.parseInt(digits));
            if (kind.isPresent()) {
                return kind;
            }
        }
        return WORDS.stream()
                .filter(entry -> entry.getValue().matcher(message).find())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static Optional<FailureKind> kind(int status) {
        return switch (status) {
            case UNAUTHORIZED, FORBIDDEN -> Optional.of(FailureKind.AGENT_AUTH);
            case PAYMENT_REQUIRED, TOO_MANY -> Optional.of(FailureKind.AGENT_RATE_LIMIT);
            case TIMEOUT -> Optional.of(FailureKind.AGENT_UNAVAILABLE);
            default ->
                status >= SERVER && status < SERVER + 100
                        ? Optional.of(FailureKind.AGENT_UNAVAILABLE)
                        : Optional.empty();
        };
    }
}
