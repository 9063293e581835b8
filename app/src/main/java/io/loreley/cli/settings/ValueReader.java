package io.loreley.cli.settings;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads one YAML value as the Java type of a key: text, numbers in range, durations, enums, records that are written as a text, and lists of these. */
final class ValueReader {

    private static final Pattern WHOLE = Pattern.compile("[-+]?\\d{1,19}");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d{1,3})?");

    private ValueReader() {}

    /** The value cannot be read as the type; the message is the rule that it breaks. */
    static final class Unreadable extends Exception {

        private static final long serialVersionUID = 1L;

        Unreadable(String rule) {
            super(rule);
        }
    }

    static Object read(SettingKey key, Node node) throws Unreadable {
        if (isList(key.type())) {
            Method reader = TextRecord.reader(element(key.type())).orElse(null);
            return reader == null ? texts(node) : parsed(reader, texts(node));
        }
        if (!(node instanceof ScalarNode scalar)) {
            throw new Unreadable("expected %s, found %s".formatted(expectation(key.type()), kind(node)));
        }
        return scalar(key, scalar.getValue().strip());
    }

    private static Object scalar(SettingKey key, String text) throws Unreadable {
        Class<?> type = (Class<?>) key.type();
        if (type == String.class) {
            return text;
        }
        Method reader = TextRecord.reader(type).orElse(null);
        if (reader != null) {
            return parsed(reader, text);
        }
        if (type == long.class || type == Long.class) {
            return whole(key, text, Long.MIN_VALUE, Long.MAX_VALUE);
        }
        if (type == int.class || type == Integer.class) {
            return (int) whole(key, text, Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
        if (type == double.class || type == Double.class) {
            if (!DECIMAL.matcher(text).matches()) {
                throw wrong(key, text);
            }
            return inRange(key, Double.parseDouble(text), text);
        }
        if (type == boolean.class || type == Boolean.class) {
            return switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> throw wrong(key, text);
            };
        }
        if (type == Duration.class) {
            Duration duration = Durations.parse(text).orElseThrow(() -> wrong(key, text));
            inRange(key, duration.toMillis() / 1000.0, text);
            return duration;
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> word(constant).equals(text))
                    .findFirst()
                    .orElseThrow(() -> wrong(key, text));
        }
        throw new IllegalStateException("settings cannot hold " + type);
    }

    private static List<String> texts(Node node) throws Unreadable {
        if (!(node instanceof SequenceNode sequence)) {
            throw new Unreadable("expected a list, as [a, b] or one '- item' a line; found " + kind(node));
        }
        List<String> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            if (!(item instanceof ScalarNode scalar)) {
                throw new Unreadable("item %d should be a text, and is %s; put it in quotes"
                        .formatted(items.size() + 1, kind(item)));
            }
            items.add(scalar.getValue());
        }
        return items;
    }

    private static List<Object> parsed(Method reader, List<String> texts) throws Unreadable {
        List<Object> records = new ArrayList<>();
        for (String text : texts) {
            records.add(parsed(reader, text));
        }
        return records;
    }

    private static Object parsed(Method reader, String text) throws Unreadable {
        try {
            return TextRecord.read(reader, text);
        } catch (IllegalArgumentException e) {
            throw new Unreadable(String.valueOf(e.getMessage()));
        }
    }

    private static long whole(SettingKey key, String text, long smallest, long largest) throws Unreadable {
        if (!WHOLE.matcher(text).matches()) {
            throw wrong(key, text);
        }
        try {
            long value = Long.parseLong(text);
            if (value < smallest || value > largest) {
                throw tooLarge(text);
            }
            inRange(key, (double) value, text);
            return value;
        } catch (NumberFormatException e) {
            throw tooLarge(text);
        }
    }

    private static double inRange(SettingKey key, double value, String text) throws Unreadable {
        if (value < key.min() || value > key.max()) {
            throw new Unreadable("%s is out of range: %s".formatted(text, range(key)));
        }
        return value;
    }

    private static Unreadable tooLarge(String text) {
        return new Unreadable(text + " does not fit into the number that stores it");
    }

    private static Unreadable wrong(SettingKey key, String text) {
        return new Unreadable("expected %s, found '%s'".formatted(expectation(key.type()), text));
    }

    /** The range in words, or nothing where every value is allowed. */
    static String range(SettingKey key) {
        boolean below = key.min() != Double.NEGATIVE_INFINITY;
        boolean above = key.max() != Double.POSITIVE_INFINITY;
        String unit = key.type() == Duration.class ? "s" : "";
        if (below && above) {
            return "from %s to %s".formatted(plain(key.min()) + unit, plain(key.max()) + unit);
        }
        if (below) {
            return "at least " + plain(key.min()) + unit;
        }
        return above ? "at most " + plain(key.max()) + unit : "";
    }

    /** What a value of the type looks like, in words. */
    static String expectation(Type type) {
        if (isList(type)) {
            return element(type).isRecord() && TextRecord.reader(element(type)).isEmpty()
                    ? "a list of mappings"
                    : "a list of texts";
        }
        Class<?> raw = (Class<?>) type;
        if (raw == String.class) {
            return "a text";
        }
        if (raw == long.class || raw == Long.class || raw == int.class || raw == Integer.class) {
            return "a whole number";
        }
        if (raw == double.class || raw == Double.class) {
            return "a number";
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return "true or false";
        }
        if (raw == Duration.class) {
            return "a duration such as 90s, 2m or 1h30m";
        }
        if (raw.isEnum()) {
            return Arrays.stream(raw.getEnumConstants()).map(ValueReader::word).collect(Collectors.joining(" or "));
        }
        return TextRecord.reader(raw).isPresent() ? "a text" : "a mapping";
    }

    static String kind(Node node) {
        return switch (node) {
            case MappingNode _ -> "a mapping";
            case SequenceNode _ -> "a list";
            case ScalarNode scalar -> "'" + scalar.getValue() + "'";
            default -> "a " + node.getNodeType();
        };
    }

    static boolean isList(Type type) {
        return type instanceof ParameterizedType parameterized && parameterized.getRawType() == List.class;
    }

    /** What a list holds; only if {@link #isList}. */
    static Class<?> element(Type type) {
        return (Class<?>) ((ParameterizedType) type).getActualTypeArguments()[0];
    }

    private static String word(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
