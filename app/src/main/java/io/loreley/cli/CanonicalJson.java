package io.loreley.cli;

import io.loreley.domain.Digests;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON in the one form of RFC 8785: keys sorted by UTF-16 code units, no white space, numbers as ECMAScript writes them.
 * Equal values have equal bytes, so that they can be hashed.
 *
 * <p>Two things that JSON's numbers cannot hold are written otherwise: what is not finite as
 * {@code {"__float__":"inf"}}, {@code "-inf"} or {@code "nan"}, and a whole number beyond ±2⁵³ as a text.
 */
final class CanonicalJson {

    private static final long LARGEST_EXACT = 1L << 53;

    private final StringBuilder out = new StringBuilder();

    private CanonicalJson() {}

    /** Writes a value made of maps with text keys, lists, texts, booleans, numbers and null. */
    static String write(@Nullable Object value) {
        CanonicalJson json = new CanonicalJson();
        json.value(value);
        return json.out.toString();
    }

    /** 64 hexadecimal digits. */
    static String sha256(@Nullable Object value) {
        return Digests.sha256(write(value));
    }

    private void value(@Nullable Object value) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> object(map);
            case List<?> list -> array(list);
            case String text -> string(text);
            case Boolean truth -> out.append(truth);
            case Long whole when Math.abs(whole) > LARGEST_EXACT || whole == Long.MIN_VALUE -> string(whole.toString());
            case Integer whole -> out.append(whole);
            case Long whole -> out.append(whole);
            case Double number
            when !Double.isFinite(number) ->
                object(Map.of("__float__", number.isNaN() ? "nan" : number > 0 ? "inf" : "-inf"));
            case Double number -> out.append(number(number));
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }

    private void object(Map<?, ?> map) {
        Map<String, @Nullable Object> sorted = new TreeMap<>();
        map.forEach((key, member) -> sorted.put((String) key, member));
        out.append('{');
        Iterator<Map.Entry<String, @Nullable Object>> members =
                sorted.entrySet().iterator();
        while (members.hasNext()) {
            Map.Entry<String, @Nullable Object> member = members.next();
            string(member.getKey());
            out.append(':');
            value(member.getValue());
            out.append(members.hasNext() ? "," : "");
        }
        out.append('}');
    }

    private void array(List<?> list) {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
            out.append(i == 0 ? "" : ",");
            value(list.get(i));
        }
        out.append(']');
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            }
        }
        out.append('"');
    }

    /**
     * ECMAScript's Number::toString: the shortest digits that read back as the same double, plain between 1e-6 and 1e21
     * and with an exponent outside.
     */
    private static String number(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal shortest = shortest(Math.abs(value));
        String digits = shortest.unscaledValue().toString();
        int count = digits.length();
        int point = count - shortest.scale(); // the decimal point stands after this many digits
        String sign = value < 0 ? "-" : "";
        if (point >= count && point <= 21) {
            return sign + digits + "0".repeat(point - count);
        }
        if (point > 0 && point <= 21) {
            return sign + digits.substring(0, point) + "." + digits.substring(point);
        }
        if (point > -6 && point <= 0) {
            return sign + "0." + "0".repeat(-point) + digits;
        }
        String mantissa = count == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return "%s%se%s%d".formatted(sign, mantissa, point > 0 ? "+" : "-", Math.abs(point - 1));
    }

    /** Double.toString gives two digits where one would do, for the smallest of all doubles. */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        BigDecimal single =
                exact.round(new MathContext(1, RoundingMode.HALF_EVEN)).stripTrailingZeros();
        return single.doubleValue() == value ? single : exact;
    }
}
