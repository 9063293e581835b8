package io.loreley.web;

import java.util.Locale;
import java.util.Map;

/** A browser's way to carry a token: it is given once, and comes back as a cookie that no script can read. */
final class SessionViews {

    private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Strict";
    private static final int A_MONTH = 30 * 24 * 3600; // seconds

    Reply get(Call call) {
        return new Reply.Value(Map.of(
                "name", call.caller().name(),
                "role", call.caller().role(),
                "cookie", call.hasCookie()));
    }

    /** The guard has seen that the bearer token is good. */
    Reply open(Call call) {
        String authorization = call.header("Authorization")
                .orElseThrow(() -> Problem.unauthorized("send the token as a bearer token"));
        String secret = authorization.replaceFirst("^Bearer ", "").strip();
        if (!secret.matches("[A-Za-z0-9_-]{20,200}")) {
            throw Problem.unauthorized("this is no token");
        }
        return new Reply.Done(
                204,
                Map.of("Set-Cookie", "%s=%s; Max-Age=%d%s".formatted(Guard.COOKIE, secret, A_MONTH, attributes(call))));
    }

    Reply close(Call call) {
        return new Reply.Done(204, Map.of("Set-Cookie", "%s=; Max-Age=0%s".formatted(Guard.COOKIE, attributes(call))));
    }

    /** What came over TLS, as the proxy that ends it says, goes back over nothing else. */
    private static String attributes(Call call) {
        boolean tls = call.header("X-Forwarded-Proto")
                .filter(proto -> proto.strip().toLowerCase(Locale.ROOT).startsWith("https"))
                .isPresent();
        return ATTRIBUTES + (tls ? "; Secure" : "");
    }
}
