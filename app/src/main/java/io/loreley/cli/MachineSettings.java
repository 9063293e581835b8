package io.loreley.cli;

import io.loreley.cli.settings.NearestKey;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is true of this machine and says nothing on the search. From flags and the environment, never from the project.
 *
 * @param home absolute folder of the database, hubs, work trees and logs
 * @param databaseUrl absent for the embedded database in the home folder
 * @param workers jobs that run at once
 */
public record MachineSettings(
        Path home,
        @Nullable Secret databaseUrl,
        int workers,
        String logLevel,
        LogFormat logFormat,
        Membership membership) {

    private static final int MOST_WORKERS = 1024;
    private static final List<String> LOG_LEVELS = List.of("error", "warn", "info", "debug", "trace");

    public MachineSettings {
        if (workers < 1 || workers > MOST_WORKERS) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "workers: %d is out of range: from 1 to %d".formatted(workers, MOST_WORKERS));
        }
        if (!LOG_LEVELS.contains(logLevel)) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "log level '%s' is unknown; known are %s%s"
                            .formatted(
                                    logLevel,
                                    String.join(", ", LOG_LEVELS),
                                    NearestKey.of(logLevel, LOG_LEVELS)
                                            .map("; did you mean %s?"::formatted)
                                            .orElse("")));
        }
    }

    /** A machine on its own. */
    public MachineSettings(Path home, @Nullable Secret databaseUrl, int workers, String logLevel) {
        this(home, databaseUrl, workers, logLevel, LogFormat.TEXT, Membership.ALONE);
    }

    MachineSettings with(LogFormat other) {
        return new MachineSettings(home, databaseUrl, workers, logLevel, other, membership);
    }

    MachineSettings with(Membership other) {
        return new MachineSettings(home, databaseUrl, workers, logLevel, logFormat, other);
    }

    /** A flag beats the environment variable, which beats the default. A blank variable is none. */
    static MachineSettings of(
            @Nullable Path home,
            @Nullable String databaseUrl,
            @Nullable Integer workers,
            @Nullable String logLevel,
            Map<String, String> environment) {
        String url = databaseUrl != null ? databaseUrl : text(environment, "DATABASE_URL", "");
        return new MachineSettings(
                (home != null ? home : Path.of(text(environment, "LORELEY_HOME", defaultHome())))
                        .toAbsolutePath()
                        .normalize(),
                url.isBlank() ? null : new Secret(url.strip()),
                workers != null ? workers : workers(environment),
                logLevel != null
                        ? logLevel
                        : text(environment, "LOG_LEVEL", "info").toLowerCase(Locale.ROOT));
    }

    /** Where the log files of all commands are. */
    public Path logs() {
        return home.resolve("logs");
    }

    private static int workers(Map<String, String> environment) {
        String text = text(environment, "WORKER_COUNT", "");
        if (text.isEmpty()) {
            return Runtime.getRuntime().availableProcessors();
        }
        if (!text.matches("\\d{1,4}")) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION, "WORKER_COUNT: expected a whole number, found '%s'".formatted(text));
        }
        return Integer.parseInt(text);
    }

    private static String defaultHome() {
        return Path.of(System.getProperty("user.home"), ".loreley").toString();
    }

    private static String text(Map<String, String> environment, String name, String fallback) {
        String text = environment.getOrDefault(name, "").strip();
        return text.isEmpty() ? fallback : text;
    }
}
