package io.loreley.cli.settings;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 90s}, {@code 2m}, {@code 1h30m}, {@code 1.5h}; a bare number is seconds. */
public final class Durations {

    private static final Pattern BARE = Pattern.compile("\\d{1,12}(\\.\\d{1,3})?");
    private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m|h|d)");

    private Durations() {}

    /** Empty if the text is no duration. */
    public static Optional<Duration> parse(String text) {
        if (BARE.matcher(text).matches()) {
            return Optional.of(Duration.ofMillis(Math.round(Double.parseDouble(text) * 1000)));
        }
        Matcher part = PART.matcher(text);
        Duration sum = Duration.ZERO;
        long smallestUnit = Long.MAX_VALUE;
        int end = 0;
        while (part.find() && part.start() == end) {
            long unit = millis(part.group(2));
            if (unit >= smallestUnit) {
                return Optional.empty(); // 30m1h, 1m2m
            }
            sum = sum.plusMillis(Math.round(Double.parseDouble(part.group(1)) * unit));
            smallestUnit = unit;
            end = part.end();
        }
        return end > 0 && end == text.length() ? Optional.of(sum) : Optional.empty();
    }

    /** The two largest units that are not zero: {@code 1h 30m}, {@code 12s}, {@code 340ms}. */
    public static String format(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds == 0) {
            return duration.isZero() ? "0s" : duration.toMillis() + "ms";
        }
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return pair(seconds / 60, "m", seconds % 60, "s");
        }
        if (seconds < 86_400) {
            return pair(seconds / 3600, "h", seconds % 3600 / 60, "m");
        }
        return pair(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        return small == 0 ? large + largeUnit : large + largeUnit + " " + small + smallUnit;
    }

    private static long millis(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
    }
}
