package io.loreley.cli;

import io.loreley.cli.settings.Secret;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How this machine takes part among others.
 *
 * @param labels what its workers can do, as experiments may ask for
 * @param heartbeat how often a worker says that it holds its jobs; after five that fail to come they are another's
 * @param gitRemote the bare repository through which machines exchange commits; absent on a single machine
 */
public record Membership(
        List<String> labels, Duration heartbeat, @Nullable Secret gitRemote) {

    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static final Duration SHORTEST_HEARTBEAT = Duration.ofMillis(500);
    private static final Duration LONGEST_HEARTBEAT = Duration.ofSeconds(60);

    /** One machine on its own. */
    static final Membership ALONE = new Membership(List.of(), HEARTBEAT, null);

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
        String listed = labels != null ? labels : environment.getOrDefault("WORKER_LABELS", "");
        String remote = gitRemote != null ? gitRemote : environment.getOrDefault("LORELEY_GIT_REMOTE", "");
        return new Membership(
                Arrays.stream(listed.split(","))
                        .map(String::strip)
                        .filter(label -> !label.isEmpty())
                        .toList(),
                heartbeat(
                        environment.getOrDefault("WORKER_HEARTBEAT_SECONDS", "").strip()),
                remote.isBlank() ? null : new Secret(remote.strip()));
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
