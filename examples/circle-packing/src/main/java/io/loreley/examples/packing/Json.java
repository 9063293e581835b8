package io.loreley.examples.packing;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A JSON value (RFC 8259): what the two command contracts carry. Values are immutable; objects keep the order of their
/// keys. [#parse] and [#text] undo each other, up to white space and the spelling of escapes.
sealed interface Json {

    record Str(String value) implements Json {}

    record Num(BigDecimal value) implements Json {}

    record Bool(boolean value) implements Json {}

    record Null() implements Json {}

    record Arr(List<Json> items) implements Json {
        public Arr {
            items = List.copyOf(items);
        }
    }

    record Obj(Map<String, Json> members) implements Json {
        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        /// The member of that name, or JSON's null where there is none.
        Json at(String name) {
            return members.getOrDefault(name, new Null());
        }

        Obj with(String name, Json value) {
            Map<String, Json> more = new LinkedHashMap<>(members);
            more.put(name, value);
            return new Obj(more);
        }

        Obj with(String name, String value) {
            return with(name, new Str(value));
        }

        /// @throws IllegalArgumentException if the value is infinite or not a number, which JSON cannot say
        Obj with(String name, double value) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("JSON has no number for " + name + " = " + value);
            }
            return with(name, new Num(BigDecimal.valueOf(value)));
        }
    }

    static Obj object() {
        return new Obj(Map.of());
    }

    /// @throws IllegalArgumentException if the text is not one JSON value; the message names the place
    static Json parse(String text) {
        return new JsonReader(text).read();
    }

    default String text() {
        StringBuilder text = new StringBuilder();
        write(this, text);
        return text.toString();
    }

    private static void write(Json json, StringBuilder out) {
        switch (json) {
            case Str(String value) -> quote(value, out);
            case Num(BigDecimal value) -> out.append(value);
            case Bool(boolean value) -> out.append(value);
            case Null() -> out.append("null");
            case Arr(List<Json> items) -> {
                String separator = "[";
                for (Json item : items) {
                    out.append(separator);
                    write(item, out);
                    separator = ", ";
                }
                out.append(items.isEmpty() ? "[]" : "]");
            }
            case Obj(Map<String, Json> members) -> {
                String separator = "{";
                for (Map.Entry<String, Json> member : members.entrySet()) {
                    out.append(separator);
                    quote(member.getKey(), out);
                    out.append(": ");
                    write(member.getValue(), out);
                    separator = ", ";
                }
                out.append(members.isEmpty() ? "{}" : "}");
            }
        }
    }

    private static void quote(String value, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
