package io.loreley.cli;

import io.loreley.cli.settings.Durations;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that say how long what can be computed again, or is only looked at, is kept on this machine. */
final class RetentionOptions {

    static final String ARTIFACT_AGE = "30d";
    static final String ARTIFACT_MEGABYTES = "10240";
    static final String CACHE_AGE = "90d";

    @Option(
            names = "--artifacts-for",
            paramLabel = "TIME",
            description = "Keep files of jobs that ended so long ago (ARTIFACT_RETENTION, " + ARTIFACT_AGE + ").")
    private @Nullable String artifacts;

    @Option(
            names = "--artifact-megabytes",
            paramLabel = "N",
            description = "Keep so much of them, the youngest (ARTIFACT_MEGABYTES, " + ARTIFACT_MEGABYTES + ").")
    private @Nullable String megabytes;

    @Option(
            names = "--cache-for",
            paramLabel = "TIME",
            description = "Keep embeddings that nothing refers to so long (CACHE_RETENTION, " + CACHE_AGE + ").")
    private @Nullable String cache;

    @Option(names = "--unknown", description = "Delete the files of experiments that the database does not know, too.")
    private boolean unknown;

    /** How long what is kept. */
    record Limits(Duration artifactAge, long artifactBytes, Duration cacheAge, boolean unknown) {}

    /** Those of whoever gives no flags. */
    static Limits ofEnvironment(Map<String, String> environment) {
        return new RetentionOptions().limits(environment);
    }

    Limits limits(Map<String, String> environment) {
        return new Limits(
                duration("--artifacts-for", artifacts, "ARTIFACT_RETENTION", ARTIFACT_AGE, environment),
                megabytes(environment) << 20,
                duration("--cache-for", cache, "CACHE_RETENTION", CACHE_AGE, environment),
                unknown);
    }

    private static Duration duration(
            String flag, @Nullable String given, String variable, String fallback, Map<String, String> environment) {
        String text = text(given, variable, fallback, environment);
        return Durations.parse(text)
                .orElseThrow(() -> new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "%s: expected a duration such as 30d or 12h, found '%s'"
                                .formatted(given == null ? variable : flag, text)));
    }

    private long megabytes(Map<String, String> environment) {
        String text = text(megabytes, "ARTIFACT_MEGABYTES", ARTIFACT_MEGABYTES, environment);
        if (!text.matches("\\d{1,9}")) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "%s: expected a whole number, found '%s'"
                            .formatted(megabytes == null ? "ARTIFACT_MEGABYTES" : "--artifact-megabytes", text));
        }
        return Long.parseLong(text);
    }

    private static String text(
            @Nullable String given, String variable, String fallback, Map<String, String> environment) {
        String text =
                given != null ? given : environment.getOrDefault(variable, "").strip();
        return text.isEmpty() ? fallback : text;
    }
}
