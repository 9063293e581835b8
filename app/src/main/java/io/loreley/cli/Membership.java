package io.loreley.cli;

import io.loreley.cli.settings.Durations;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Secret;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How this machine takes part among others.
 *
 * @param labels what its workers can do, as experiments may ask for
 * @param heartbeat how often a worker says that it holds its jobs; after five that fail to come they are another's
 * @param softLimit how long jobs at work may go on after a first signal
 * @param gitRemote the bare repository through which machines exchange commits; absent on a single machine
 * @param metrics where Prometheus and health checks are answered; absent for nowhere
 */
public record Membership(
        List<String> labels,
        Duration heartbeat,
        Duration softLimit,
        @Nullable Secret gitRemote,
        @Nullable InetSocketAddress metrics) {

    private static final Pattern ADDRESS = Pattern.compile("(?:(?<host>[^:]+|\\[[0-9A-Fa-f:]+]):)?(?<port>\\d{1,5})");
    private static final int LAST_PORT = 65_535;
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static final Duration SOFT_LIMIT = Duration.ofSeconds(2);
    private static final Duration LONGEST_SOFT_LIMIT = Duration.ofDays(1);
    private static final Duration SHORTEST_HEARTBEAT = Duration.ofMillis(500);
    private static final Duration LONGEST_HEARTBEAT = Duration.ofSeconds(60);

    /** One machine on its own. */
    static final Membership ALONE = new Membership(List.of(), HEARTBEAT, SOFT_LIMIT, null, null);

    public Membership {
        labels = List.copyOf(labels);
        if (heartbeat.compareTo(SHORTEST_HEARTBEAT) < 0 || heartbeat.compareTo(LONGEST_HEARTBEAT) > 0) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "heartbeat: %s ms is out of range: from %d to %d"
                            .formatted(
                                    heartbeat.toMillis(), SHORTEST_HEARTBEAT.toMillis(), LONGEST_HEARTBEAT.toMillis()));
        }
    }

    static Membership of(@Nullable String labels, @Nullable String gitRemote, Map<String, String> environment) {
        return of(labels, gitRemote, null, null, environment);
    }

    /** A flag beats the environment variable, which beats the default. */
    static Membership of(
            @Nullable String labels,
            @Nullable String gitRemote,
            @Nullable String softLimit,
            @Nullable String metrics,
            Map<String, String> environment) {
        String listed = labels != null ? labels : environment.getOrDefault("WORKER_LABELS", "");
        String remote = gitRemote != null ? gitRemote : environment.getOrDefault("LORELEY_GIT_REMOTE", "");
        return new Membership(
                Arrays.stream(listed.split(","))
                        .map(String::strip)
                        .filter(label -> !label.isEmpty())
                        .toList(),
                heartbeat(
                        environment.getOrDefault("WORKER_HEARTBEAT_SECONDS", "").strip()),
                softLimit(softLimit != null ? softLimit : environment.getOrDefault("WORKER_SOFT_LIMIT", "")),
                remote.isBlank() ? null : new Secret(remote.strip()),
                metrics(metrics != null ? metrics : environment.getOrDefault("METRICS_PORT", "")));
    }

    /** {@code PORT} on this machine alone, or {@code HOST:PORT}. */
    private static @Nullable InetSocketAddress metrics(String text) {
        String address = text.strip();
        if (address.isEmpty()) {
            return null;
        }
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches() || Integer.parseInt(parts.group("port")) > LAST_PORT) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "metrics port: '%s' is none; write it as 9464, or 0.0.0.0:9464 to be reached from elsewhere"
                            .formatted(address));
        }
        String host = parts.group("host") == null ? "127.0.0.1" : parts.group("host");
        return new InetSocketAddress(host, Integer.parseInt(parts.group("port")));
    }

    private static Duration softLimit(String text) {
        if (text.isBlank()) {
            return SOFT_LIMIT;
        }
        Duration limit = Durations.parse(text.strip())
                .orElseThrow(() -> new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "soft limit: '%s' is no time; write it as 90s, 2m or 1h30m".formatted(text)));
        if (limit.isNegative() || limit.compareTo(LONGEST_SOFT_LIMIT) > 0) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION, "soft limit: '%s' is out of range: from 0s to 24h".formatted(text));
        }
        return limit;
    }

    private static Duration heartbeat(String seconds) {
        if (seconds.isEmpty()) {
            return HEARTBEAT;
        }
        if (!seconds.matches("\\d{1,3}(\\.\\d{1,3})?")) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "WORKER_HEARTBEAT_SECONDS: expected a number of seconds, found '%s'".formatted(seconds));
        }
        return Duration.ofMillis(Math.round(Double.parseDouble(seconds) * 1000));
    }
}
