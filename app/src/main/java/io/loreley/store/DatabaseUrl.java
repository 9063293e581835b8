package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL is and who we are there. Shows itself without password and options.
 *
 * @param jdbc without user and password
 */
public record DatabaseUrl(
        String jdbc, @Nullable String user, @Nullable String password) {

    private static final String EXAMPLE = "postgresql://user:password@host:5432/loreley";

    private static final Pattern PARTS = Pattern.compile("(?<scheme>[A-Za-z0-9+.]+)://"
            + "((?<who>[^/?]*)@)?(?<hosts>[^/?]*)(/(?<database>[^?]*))?(\\?(?<options>.*))?");
    /** Names of containers may have an underscore, which java.net.URI takes for no host at all. */
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.%]+])(:(?<port>[0-9]{1,5}))?");

    /** Where an @ is what the option says, and not the end of a password that was not escaped. */
    private static final Pattern WHO_OPTION = Pattern.compile("(user|[a-z]*password)=.*");

    private static final String TARGET = "targetServerType=";

    private static final int LAST_PORT = 65_535;

    /** Reads {@code postgresql://…}, {@code postgres://…}, {@code postgresql+driver://…} or {@code jdbc:postgresql://…}. */
    public static DatabaseUrl parse(String text) {
        Matcher parts = PARTS.matcher(text.strip().replaceFirst("^jdbc:", ""));
        if (!parts.matches()) {
            throw refused("it is not a URL");
        }
        String scheme = parts.group("scheme");
        if (!scheme.replaceFirst("\\+\\w+$", "").matches("postgres(ql)?")) {
            throw refused("its scheme is '%s'".formatted(scheme));
        }
        String database = parts.group("database");
        String[] given = parts.group("options") == null
                ? new String[0]
                : parts.group("options").split("&");
        requireNoLateUser(database, given); // first: what looks like a host may be half a password
        requireHosts(parts.group("hosts"));
        if (database == null || database.isEmpty()) {
            throw refused("it names no database");
        }
        String[] who =
                parts.group("who") == null ? new String[0] : parts.group("who").split(":", 2);
        String user = who.length > 0 && !who[0].isEmpty() ? decode(who[0]) : null;
        String password = who.length > 1 ? decode(who[1]) : null;
        List<String> options = new ArrayList<>();
        for (String option : given) {
            if (option.startsWith("user=")) {
                user = decode(option.substring("user=".length()));
            } else if (option.startsWith("password=")) {
                password = decode(option.substring("password=".length()));
            } else {
                options.add(option);
            }
        }
        if (parts.group("hosts").contains(",") && options.stream().noneMatch(each -> each.startsWith(TARGET))) {
            options.add(TARGET + "primary"); // a standby answers, too, and refuses every write
        }
        String query = options.isEmpty() ? "" : "?" + String.join("&", options);
        return new DatabaseUrl("jdbc:postgresql://" + parts.group("hosts") + "/" + database + query, user, password);
    }

    /** A / or ? of a password ends what is read as hosts, and its @ comes after that. Quotes nothing. */
    private static void requireNoLateUser(@Nullable String database, String[] options) {
        boolean isLate = database != null && database.contains("@");
        for (String option : options) {
            isLate |= option.contains("@") && !WHO_OPTION.matcher(option).matches();
        }
        if (isLate) {
            throw refused("the user or the password holds a / or ?: write %2F for a /, %3F for a ?, and %40 for any @ "
                    + "behind the hosts");
        }
    }

    /** One host, or several that stand in for each other, separated by commas. */
    private static void requireHosts(String hosts) {
        if (hosts.isEmpty()) {
            throw refused("it names no host");
        }
        for (String host : hosts.split(",", -1)) {
            Matcher parts = HOST.matcher(host);
            if (!parts.matches()) {
                throw refused("'%s' is not a host, or a host and a port".formatted(host));
            }
            String port = parts.group("port");
            if (port != null && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > LAST_PORT)) {
                throw refused("%s is not a port".formatted(port));
            }
        }
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // The cause would quote the password.
            throw refused("user or password holds a % that begins no escape; write it as %25");
        }
    }

    private static LoreleyException refused(String why) {
        return new LoreleyException(
                FailureKind.CONFIGURATION,
                "the database URL cannot be used: %s. Write it as %s".formatted(why, EXAMPLE));
    }

    @Override
    public String toString() {
        return jdbc.replaceFirst("^jdbc:", "").replaceFirst("\\?.*$", "");
    }
}
