package io.loreley.web;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as reports write them. */
final class Figures {

    private static final int DIGITS = 7;

    private Figures() {}

    /** Seven significant digits at most, without a tail of zeros. */
    static String number(@Nullable Double value) {
        if (value == null) {
            return "–";
        }
        double size = Math.abs(value);
        if (size != 0 && (size >= 1e9 || size < 1e-5)) {
            return String.format(Locale.ROOT, "%.3e", value);
        }
        String text = new java.math.BigDecimal(value)
                .round(new java.math.MathContext(DIGITS))
                .stripTrailingZeros()
                .toPlainString();
        return text.equals("-0") ? "0" : text;
    }

    static String signed(double value) {
        return (value > 0 ? "+" : "") + number(value);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String dollars(double amount) {
        return String.format(Locale.ROOT, "$%.2f", amount);
    }

    static String duration(Duration time) {
        long seconds = time.toSeconds();
        return seconds < 60
                ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3)
                : seconds < 3600
                        ? "%d min %02d s".formatted(seconds / 60, seconds % 60)
                        : "%d h %02d min".formatted(seconds / 3600, seconds / 60 % 60);
    }
}
