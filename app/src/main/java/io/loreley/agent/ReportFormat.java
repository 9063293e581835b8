package io.loreley.agent;

import io.loreley.domain.Json;
import io.loreley.domain.Limits;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A report as a record: its JSON schema, and reading it from what an agent answered. Keys are the components in
 * snake_case. Providers with strict schemas want every key required and none besides, and refuse limits of length, so
 * limits stand in the descriptions and are checked here.
 */
final class ReportFormat<R extends Record> {

    /** Violations that are told; an agent that makes more should read the schema again. */
    private static final int TOLD = 12;

    private final Class<R> type;
    private final String main;

    /** @param main the component that stands for the whole report */
    ReportFormat(Class<R> type, String main) {
        this.type = type;
        this.main = main;
    }

    /** What reading came to. */
    sealed interface Reading<R> {

        /** A report. */
        record Read<R>(R report) implements Reading<R> {}

        /** Something else, and why; completes the sentence "the report …". */
        record Unfit<R>(String why) implements Reading<R> {}
    }

    Map<String, Object> schema() {
        return object(type);
    }

    private static Map<String, Object> object(Class<?> type) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            properties.put(key(component), schema(component));
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", List.copyOf(properties.keySet()));
        schema.put("additionalProperties", false);
        return schema;
    }

    private static Map<String, Object> schema(RecordComponent component) {
        Class<?> type = component.getType();
        Map<String, Object> schema = new LinkedHashMap<>();
        if (type == List.class) {
            Class<?> item = item(component);
            schema.put("type", "array");
            schema.put("items", item.isRecord() ? object(item) : Map.of("type", "string"));
        } else if (type.isEnum()) {
            schema.put("type", "string");
            schema.put("enum", words(type));
        } else {
            schema.put("type", isNullable(component) ? List.of("string", "null") : "string");
        }
        schema.put("description", description(component));
        return schema;
    }

    private static String description(RecordComponent component) {
        Field field = field(component);
        StringBuilder text = new StringBuilder(field.doc());
        if (field.items() > 0) {
            text.append(" At most ").append(field.items()).append(" items.");
        }
        if (field.max() > 0) {
            text.append(" At most ")
                    .append(field.max())
                    .append(field.items() > 0 ? " characters each." : " characters.");
        }
        return text.toString();
    }

    /**
     * Reads an answer: the JSON object in it, whatever stands around.
     *
     * @param strict whether what is too long is a violation; it is cut otherwise
     */
    Reading<R> read(String answer, boolean strict) {
        JsonNode json;
        try {
            json = JsonAnswer.in(answer);
        } catch (IllegalArgumentException e) {
            return new Reading.Unfit<>(String.valueOf(e.getMessage()));
        }
        Reader reader = new Reader(strict);
        R report = reader.record(type, json, "");
        return reader.violations.isEmpty() ? new Reading.Read<>(report) : new Reading.Unfit<>(reader.told());
    }

    /** The report as far as an answer holds one: what is unfit is left empty. Unfit still if it says nothing at all. */
    Reading<R> salvage(String answer) {
        JsonNode json;
        try {
            json = JsonAnswer.in(answer);
        } catch (IllegalArgumentException e) {
            return new Reading.Unfit<>(String.valueOf(e.getMessage()));
        }
        Reader reader = new Reader(false);
        R report = reader.record(type, json, "");
        boolean empty = Arrays.stream(type.getRecordComponents())
                .filter(component -> component.getName().equals(main))
                .allMatch(component -> String.valueOf(value(component, report)).isBlank());
        return empty ? new Reading.Unfit<>(reader.told()) : new Reading.Read<>(report);
    }

    /** A report as JSON values, null ones left out. */
    Map<String, Object> values(R report) {
        return map(report);
    }

    private static Map<String, Object> map(Record record) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = value(component, record);
            if (value != null) {
                values.put(key(component), json(value));
            }
        }
        return values;
    }

    private static Object json(Object value) {
        return switch (value) {
            case List<?> list -> list.stream().map(ReportFormat::json).toList();
            case Record record -> map(record);
            case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
            default -> value;
        };
    }

    /** The report that {@link #values} was made of, as far as it is there. */
    R of(Map<?, ?> values) {
        return new Reader(false).record(type, Json.parse(Json.write(values).getBytes(StandardCharsets.UTF_8)), "");
    }

    /** Reads one answer, and notes what does not fit. For one thread. */
    private static final class Reader {

        private final boolean strict;
        private final List<String> violations = new ArrayList<>();

        Reader(boolean strict) {
            this.strict = strict;
        }

        String told() {
            String more = violations.size() > TOLD ? "; and %d more".formatted(violations.size() - TOLD) : "";
            return String.join("; ", violations.stream().limit(TOLD).toList()) + more;
        }

        <T extends Record> T record(Class<T> type, JsonNode json, String where) {
            RecordComponent[] components = type.getRecordComponents();
            @Nullable Object[] arguments = new @Nullable Object[components.length];
            for (int i = 0; i < components.length; i++) {
                String key = key(components[i]);
                arguments[i] = component(components[i], json.get(key), where.isEmpty() ? key : where + "." + key);
            }
            try {
                return type.getDeclaredConstructor(Stream.of(components)
                                .map(RecordComponent::getType)
                                .toArray(Class<?>[]::new))
                        .newInstance(arguments);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot construct " + type, e);
            }
        }

        private @Nullable Object component(RecordComponent component, @Nullable JsonNode node, String where) {
            Class<?> type = component.getType();
            if (type == List.class) {
                return list(component, node, where);
            }
            if (type.isEnum()) {
                return constant(type, node, where);
            }
            if (isNullable(component) && (node == null || node.isNull())) {
                return null;
            }
            return text(field(component), node, where, field(component).essential());
        }

        private List<Object> list(RecordComponent component, @Nullable JsonNode node, String where) {
            Field field = field(component);
            List<Object> items = new ArrayList<>();
            if (node == null || !node.isArray()) {
                violations.add(node == null ? "lacks '%s'".formatted(where) : wrong(where, "a list", node));
                return items;
            }
            Class<?> type = item(component);
            for (JsonNode item : node) {
                String place = where + "[" + items.size() + "]";
                if (items.size() == field.items()) {
                    if (strict) {
                        violations.add("holds %d items at '%s', and %d are allowed"
                                .formatted(node.size(), where, field.items()));
                    }
                    break;
                }
                if (!type.isRecord()) {
                    items.add(text(field, item, place, false));
                } else if (item.isObject()) {
                    items.add(record(type.asSubclass(Record.class), item, place));
                } else {
                    violations.add(wrong(place, "an object", item));
                }
            }
            if (items.isEmpty() && field.essential()) {
                violations.add("holds no item at '%s'".formatted(where));
            }
            return items;
        }

        private Object constant(Class<?> type, @Nullable JsonNode node, String where) {
            String word = node != null && node.isString() ? node.stringValue().strip() : "";
            for (Object constant : Objects.requireNonNull(type.getEnumConstants())) {
                if (constant.toString().equalsIgnoreCase(word)) {
                    return constant;
                }
            }
            violations.add("must hold one of %s at '%s'".formatted(String.join(", ", words(type)), where));
            // The last one claims least.
            return Objects.requireNonNull(type.getEnumConstants())[type.getEnumConstants().length - 1];
        }

        private String text(Field field, @Nullable JsonNode node, String where, boolean essential) {
            if (node == null) {
                violations.add("lacks '%s'".formatted(where));
                return "";
            }
            if (!node.isString()) {
                violations.add(wrong(where, "text", node));
                return "";
            }
            String text;
            try {
                text = Objects.requireNonNull(Json.text(where, node)).strip();
            } catch (IllegalArgumentException e) {
                violations.add(String.valueOf(e.getMessage()));
                return "";
            }
            if (essential && text.isEmpty()) {
                violations.add("is blank at '%s'".formatted(where));
            }
            if (text.length() > field.max()) {
                if (strict) {
                    violations.add("holds %d characters at '%s', and %d are allowed"
                            .formatted(text.length(), where, field.max()));
                }
                return Limits.clamp(text, field.max());
            }
            return text;
        }

        private static String wrong(String where, String wanted, JsonNode node) {
            return "must hold %s at '%s', and holds %s".formatted(wanted, where, Json.describe(node));
        }
    }

    private static String key(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static List<String> words(Class<?> type) {
        return Stream.of(Objects.requireNonNull(type.getEnumConstants()))
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static Class<?> item(RecordComponent component) {
        return (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
    }

    private static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static Field field(RecordComponent component) {
        return Objects.requireNonNull(component.getAnnotation(Field.class), component.getName());
    }

    private static @Nullable Object value(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
