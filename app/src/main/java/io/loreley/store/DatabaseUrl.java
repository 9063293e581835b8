package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL is and who we are there. Shows itself without the password.
 *
 * @param jdbc without user and password
 */
public record DatabaseUrl(
        String jdbc, @Nullable String user, @Nullable String password) {

    private static final String EXAMPLE = "postgresql://user:password@host:5432/loreley";

    /** Reads {@code postgresql://…}, {@code postgres://…}, {@code postgresql+driver://…} or {@code jdbc:postgresql://…}. */
    public static DatabaseUrl parse(String text) {
        String url = text.strip().replaceFirst("^jdbc:", "").replaceFirst("^postgresql\\+\\w+:", "postgresql:");
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            // The cause would quote the password.
            throw refused("it is not a URL (%s at character %d)".formatted(e.getReason(), e.getIndex()));
        }
        if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
            throw refused("its scheme is '%s'".formatted(uri.getScheme()));
        }
        if (uri.getHost() == null) {
            throw refused("it names no host");
        }
        String database = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
        if (database.isEmpty()) {
            throw refused("it names no database");
        }
        String user = null;
        String password = null;
        if (uri.getRawUserInfo() != null) {
            String[] parts = uri.getRawUserInfo().split(":", 2);
            user = decode(parts[0]);
            password = parts.length > 1 ? decode(parts[1]) : null;
        }
        List<String> options = new ArrayList<>();
        for (String option :
                uri.getRawQuery() == null ? new String[0] : uri.getRawQuery().split("&")) {
            if (option.startsWith("user=")) {
                user = decode(option.substring(5));
            } else if (option.startsWith("password=")) {
                password = decode(option.substring(9));
            } else {
                options.add(option);
            }
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String query = options.isEmpty() ? "" : "?" + String.join("&", options);
        return new DatabaseUrl("jdbc:postgresql://" + uri.getHost() + port + "/" + database + query, user, password);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static LoreleyException refused(String why) {
        return new LoreleyException(
                FailureKind.CONFIGURATION,
                "the database URL cannot be used: %s. Write it as %s".formatted(why, EXAMPLE));
    }

    @Override
    public String toString() {
        return jdbc.substring("jdbc:".length());
    }
}
