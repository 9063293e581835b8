package io.loreley.git;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.Credentials;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a repository lies, as git reads it: {@code scheme://[user@]host[:port]/path}, the short form
 * {@code [user@]host:path} of ssh, or a path. Passwords, queries and fragments are gone as soon as it is parsed.
 *
 * @param scheme lower case; {@code file} for a path
 * @param user absent for http and https, where it is a credential
 * @param host lower case, an IPv6 address in brackets; empty for a path of this machine
 * @param port -1 where it is the usual one of its scheme
 * @param path begins with a slash, ends without one, as it was written besides
 */
record RemoteUrl(String scheme, @Nullable String user, String host, int port, String path) {

    private static final Map<String, Integer> USUAL_PORTS = Map.of("https", 443, "http", 80, "ssh", 22, "git", 9418);

    private static final Pattern FULL =
            Pattern.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<authority>[^/?#]*)(?<path>.*)", Pattern.DOTALL);

    private static final Pattern AUTHORITY = Pattern.compile(
            "(?:(?<user>[^:]*)(?::.*)?@)?(?<host>\\[[0-9A-Fa-f:.%]+]|[^:@\\[\\]\\s]*)(?::(?<port>\\d*))?");

    private static final Pattern SHORT = Pattern.compile(
            "(?:(?<user>[^/@:]+)@)?(?<host>\\[[0-9A-Fa-f:.%]+]|[^/\\\\:@\\[\\]\\s]{2,}):(?<path>[^\\\\].*)",
            Pattern.DOTALL);

    private static final Pattern WINDOWS = Pattern.compile("[A-Za-z]:[\\\\/].*", Pattern.DOTALL);

    /** @throws LoreleyException of kind CONFIGURATION if git could not use it either */
    static RemoteUrl parse(String text) {
        String url = text.strip();
        Matcher full = FULL.matcher(url);
        if (full.matches()) {
            return parse(url, full);
        }
        if (WINDOWS.matcher(url).matches()) {
            return file("/" + url.replace('\\', '/'));
        }
        Matcher shortForm = SHORT.matcher(url);
        if (shortForm.matches()) {
            return new RemoteUrl(
                    "ssh",
                    shortForm.group("user"),
                    shortForm.group("host").toLowerCase(Locale.ROOT),
                    -1,
                    path(shortForm.group("path")));
        }
        if (url.startsWith("/")) {
            return file(url);
        }
        throw unreadable(url, "it is neither a URL, nor host:path, nor an absolute path");
    }

    /** Whether git speaks to a folder of this machine, whatever else is wrong with the address. */
    static boolean isLocal(String url) {
        Matcher full = FULL.matcher(url);
        return full.matches()
                ? full.group("scheme").equalsIgnoreCase("file")
                : WINDOWS.matcher(url).matches() || !SHORT.matcher(url).matches();
    }

    private static RemoteUrl parse(String url, Matcher full) {
        String scheme = full.group("scheme").toLowerCase(Locale.ROOT);
        Matcher authority = AUTHORITY.matcher(full.group("authority"));
        if (!authority.matches()) {
            throw unreadable(url, "what follows :// is not a host and a port");
        }
        String host = authority.group("host").toLowerCase(Locale.ROOT);
        if (scheme.equals("file")) {
            return new RemoteUrl(scheme, null, host, -1, path(full.group("path")));
        }
        if (host.isEmpty()) {
            throw unreadable(url, "it has no host");
        }
        boolean isWeb = scheme.equals("http") || scheme.equals("https");
        String user = authority.group("user");
        return new RemoteUrl(
                scheme,
                isWeb || user == null || user.isEmpty() ? null : user,
                host,
                port(url, scheme, authority.group("port")),
                path(full.group("path").replaceFirst("(?s)[?#].*$", "")));
    }

    private static RemoteUrl file(String path) {
        return new RemoteUrl("file", null, "", -1, path(path));
    }

    private static int port(String url, String scheme, @Nullable String digits) {
        if (digits == null || digits.isEmpty()) {
            return -1;
        }
        int port = digits.length() > 5 ? Integer.MAX_VALUE : Integer.parseInt(digits);
        if (port < 1 || port > 65_535) {
            throw unreadable(url, "its port is not between 1 and 65535");
        }
        return USUAL_PORTS.getOrDefault(scheme, -1) == port ? -1 : port;
    }

    private static String path(String path) {
        return "/" + path.replaceAll("/{2,}", "/").replaceAll("^/|/$", "");
    }

    private static LoreleyException unreadable(String url, String why) {
        return new LoreleyException(
                FailureKind.CONFIGURATION, "repository: '%s' cannot be read: %s".formatted(Credentials.mask(url), why));
    }

    /** The one way in which this place is written. */
    String canonical() {
        return scheme + "://" + (user == null ? "" : user + "@") + host + (port < 0 ? "" : ":" + port) + path;
    }

    /** Host, unusual port, and path without {@code .git}: the same however it is cloned. */
    String place() {
        String bare = path.endsWith(".git") ? path.substring(0, path.length() - ".git".length()) : path;
        return (host.isEmpty() ? "local" : host) + (port < 0 ? "" : "-" + port) + bare;
    }
}
