package io.loreley.web;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.loreley.store.ApiTokens;
import io.loreley.store.ApiTokens.Role;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who may ask, and from where. On the loopback interface the person at this machine may do what the command line may; a page
 * of another site may not, because it can neither send our header nor be taken for us by name. Beyond loopback a token is
 * needed, and so it is from whoever comes through a proxy on this machine: its requests come from the loopback interface too.
 */
final class Guard {

    /** The header that our pages send with what changes something; another site's page cannot without being asked first. */
    static final String INTENT = "Loreley-Intent";

    static final String COOKIE = "loreley_token";

    private static final String BEARER = "Bearer ";

    /** What proxies say of themselves, beside {@code X-Forwarded-…}. */
    private static final Set<String> OF_PROXIES = Set.of("forwarded", "via", "x-real-ip");

    private final ApiTokens tokens;
    private final ApiTokens.Owner here;
    private final boolean tokenNeeded;
    private final boolean readOnly;
    private final Set<String> names;

    /**
     * A guard.
     *
     * @param user whom the audit trail names for a person at this machine, who shows no token
     * @param tokenNeeded whether everyone must show one, and not only who comes through a proxy
     * @param names the names, beside localhost and bare addresses, under which this server is known
     * @param readOnly whether nobody may change anything
     */
    Guard(ApiTokens tokens, String user, boolean tokenNeeded, boolean readOnly, Set<String> names) {
        this.tokens = tokens;
        this.here = new ApiTokens.Owner(user, Role.OPERATE);
        this.tokenNeeded = tokenNeeded;
        this.readOnly = readOnly;
        this.names = Set.copyOf(names);
    }

    /** Refuses requests to a name that is not ours: another site may have made its own name point here. */
    void requireOurName(ServerRequest request) {
        String host = host(request.authority());
        boolean address = host.startsWith("[") || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        if (!address && !host.equals("localhost") && !names.contains(host)) {
            throw Problem.misdirected(
                    "this server is not known as '%s'. Use its address, or start it with --host-name %s"
                            .formatted(host, host));
        }
    }

    private static String host(String authority) {
        String lower = authority.toLowerCase(Locale.ROOT);
        return lower.startsWith("[") ? lower.replaceFirst("].*", "]") : lower.replaceFirst(":\\d*$", "");
    }

    /** Who calls and what they may do; refused if that is less than the route needs. */
    ApiTokens.Owner admit(ServerRequest request, Role needed) {
        Optional<String> bearer = bearer(request);
        ApiTokens.Owner caller =
                tokenNeeded || bearer.isPresent() || isForwarded(request) ? byToken(request, bearer) : here;
        if (readOnly) {
            caller = new ApiTokens.Owner(caller.name(), Role.READ);
        }
        if (!caller.role().includes(needed)) {
            throw Problem.forbidden(
                    readOnly
                            ? "this server only shows; it was started with --read-only"
                            : "this token may read. Make one that may operate: loreley token create --role operate");
        }
        if (needed == Role.OPERATE) {
            requireIntent(request, bearer.isPresent());
        }
        return caller;
    }

    private static boolean isForwarded(ServerRequest request) {
        return request.headers().stream()
                .map(header -> header.headerName().lowerCase())
                .anyMatch(name -> OF_PROXIES.contains(name) || name.startsWith("x-forwarded-"));
    }

    private ApiTokens.Owner byToken(ServerRequest request, Optional<String> bearer) {
        String secret = bearer.or(() -> cookie(request))
                .orElseThrow(() -> Problem.unauthorized(
                        "a token is needed: Authorization: Bearer …. Make one with: loreley token create"));
        return tokens.owner(secret).orElseThrow(() -> Problem.unauthorized("this token is unknown or was revoked"));
    }

    private static void requireIntent(ServerRequest request, boolean bearer) {
        String site =
                request.headers().first(HeaderNames.create("Sec-Fetch-Site")).orElse("same-origin");
        if (!site.equals("same-origin") && !site.equals("none")) {
            throw Problem.forbidden("another site's page may not change anything here");
        }
        if (!bearer && request.headers().first(HeaderNames.create(INTENT)).isEmpty()) {
            throw Problem.forbidden(
                    "what changes something must carry the header %s, or a bearer token".formatted(INTENT));
        }
    }

    static Optional<String> bearer(ServerRequest request) {
        return request.headers()
                .first(HeaderNames.AUTHORIZATION)
                .filter(text -> text.startsWith(BEARER))
                .map(text -> text.substring(BEARER.length()).strip());
    }

    static Optional<String> cookie(ServerRequest request) {
        return request.headers().cookies().first(COOKIE).asOptional();
    }
}
