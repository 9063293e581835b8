package io.loreley.cli;

import io.loreley.cli.settings.NearestKey;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.util.List;
import java.util.Locale;

/** How a log is written. */
public enum LogFormat {
    /** A line an event, in the log file. */
    TEXT,
    /** A JSON object a line, in the log file and on standard error, where containers are listened to. */
    JSON;

    static LogFormat parse(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "", "text" -> TEXT;
            case "json" -> JSON;
            default ->
                throw new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "log format '%s' is unknown; known are text and json%s"
                                .formatted(
                                        text,
                                        NearestKey.of(text, List.of("text", "json"))
                                                .map("; did you mean %s?"::formatted)
                                                .orElse("")));
        };
    }
}
