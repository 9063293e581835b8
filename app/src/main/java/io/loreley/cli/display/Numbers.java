package io.loreley.cli.display;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
final class Numbers {

    private static final MathContext SIGNIFICANT = new MathContext(7, RoundingMode.HALF_EVEN);

    private Numbers() {}

    /** At most seven significant digits: {@code 2.635983}, {@code 12}, {@code 3.1E-9}. */
    static String plain(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        BigDecimal rounded = BigDecimal.valueOf(value).round(SIGNIFICANT).stripTrailingZeros();
        int magnitude = rounded.precision() - rounded.scale();
        return rounded.signum() == 0
                ? "0"
                : magnitude < -4 || magnitude > 12 ? rounded.toString() : rounded.toPlainString();
    }

    static String signed(double value) {
        return (value > 0 ? "+" : "") + plain(value);
    }

    /** {@code +24.3 %}; empty where there is nothing to compare with. */
    static String change(double from, double to) {
        double percent = 100 * (to - from) / Math.abs(from);
        return Double.isFinite(percent) ? String.format(Locale.ROOT, "%+.1f %%", percent) : "";
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, share > 0 && share < 0.1 ? "%.1f %%" : "%.0f %%", 100 * share);
    }

    /** US dollars: cents, and more digits for what is less than a few of them. */
    static String dollars(double amount) {
        return String.format(Locale.ROOT, amount == 0 || amount >= 0.1 ? "$%,.2f" : "$%.4f", amount);
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A clock: {@code 1:02:03}, {@code 2:03}. */
    static String clock(Duration time) {
        long hours = time.toHours();
        return hours > 0
                ? "%d:%02d:%02d".formatted(hours, time.toMinutesPart(), time.toSecondsPart())
                : "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
    }

    /** Seconds with a tenth while they are few. */
    static String seconds(Duration time) {
        return time.toSeconds() < 100 ? String.format(Locale.ROOT, "%.1fs", time.toMillis() / 1000.0) : clock(time);
    }
}
