package io.loreley.domain;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as Loreley reads it from programs it does not trust: strict UTF-8, one document, no key twice. What can be read
 * need not be fit to be stored, so {@link #values} and {@link #text} refuse the rest: numbers that are not finite, and
 * text that PostgreSQL has no bytes for. Every refusal is an {@link IllegalArgumentException} whose message completes
 * the sentence "the report …".
 */
public final class Json {

    /** NaN and Infinity are read, although no JSON, so that the refusal can name the metric that holds them. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private Json() {}

    /** Reads one document. */
    public static JsonNode parse(byte[] utf8) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("is not UTF-8", e);
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException("is empty");
        }
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("is not JSON: " + reason(e), e);
        }
    }

    private static String reason(JacksonException e) {
        String message = Limits.clamp(Limits.oneLine(e.getOriginalMessage()), 200);
        return e.getLocation() == null
                ? message
                : "line %d, column %d: %s"
                        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr(), message);
    }

    /** Writes maps, lists, texts and numbers, indented for people. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** The entries of an object as maps, lists, texts, numbers and booleans. A key whose value is null is left out. */
    public static Map<String, Object> values(String where, JsonNode object) {
        Map<String, Object> values = new LinkedHashMap<>();
        object.properties().forEach(entry -> {
            Object value = value(where + "." + entry.getKey(), entry.getValue());
            if (value != null) {
                values.put(storable(where, entry.getKey()), value);
            }
        });
        return values;
    }

    private static @Nullable Object value(String where, JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> values(where, node);
            case ARRAY -> list(where, node);
            case STRING -> storable(where, node.stringValue());
            case NUMBER -> number(where, node);
            case BOOLEAN -> node.booleanValue();
            case NULL -> null;
            case BINARY, MISSING, POJO ->
                throw new IllegalArgumentException("holds no JSON value at '%s'".formatted(where));
        };
    }

    private static List<Object> list(String where, JsonNode array) {
        List<Object> values = new ArrayList<>(array.size());
        for (JsonNode item : array) {
            Object value = value(where + "[" + values.size() + "]", item);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private static Number number(String where, JsonNode node) {
        if (!Double.isFinite(decimal(node))) {
            throw new IllegalArgumentException(
                    "holds %s at '%s', and only finite numbers can be stored".formatted(node.asString(), where));
        }
        return node.numberValue();
    }

    /** The nearest double of a number, infinite where it is too large for one. */
    public static double decimal(JsonNode number) {
        return Double.parseDouble(number.asString());
    }

    /** The text of a node; absent where the node is absent or null. */
    public static @Nullable String text(String where, @Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isString()) {
            throw new IllegalArgumentException("must hold text at '%s', and holds %s".formatted(where, describe(node)));
        }
        return storable(where, node.stringValue());
    }

    /** A short name of what stands there, for messages. */
    public static String describe(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "the text \"" + Limits.clamp(Limits.oneLine(node.stringValue()), 40) + "\"";
            case NUMBER -> "the number " + Limits.clamp(node.asString(), 40);
            case BOOLEAN -> node.asString();
            case NULL -> "null";
            case BINARY, MISSING, POJO -> "nothing";
        };
    }

    private static String storable(String where, String text) {
        if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(
                    "holds a character at '%s' that cannot be stored: U+0000 or half a surrogate pair"
                            .formatted(Limits.oneLine(where)));
        }
        return text;
    }
}
