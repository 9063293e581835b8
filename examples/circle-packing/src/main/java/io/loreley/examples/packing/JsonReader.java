package io.loreley.examples.packing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads one JSON value by recursive descent. Strict: no comments, no trailing commas, no second value of a key.
final class JsonReader {

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

    /// Deeper nesting than any contract needs, and shallower than the stack.
    private static final int MAX_DEPTH = 100;

    private final String text;
    private int position;
    private int depth;

    JsonReader(String text) {
        this.text = text;
    }

    Json read() {
        Json json = value();
        skipSpace();
        if (position < text.length()) {
            throw unexpected("the end");
        }
        return json;
    }

    private Json value() {
        skipSpace();
        if (++depth > MAX_DEPTH) {
            throw unexpected("at most " + MAX_DEPTH + " levels");
        }
        Json json = switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> new Json.Str(string());
            case 't' -> word("true", new Json.Bool(true));
            case 'f' -> word("false", new Json.Bool(false));
            case 'n' -> word("null", new Json.Null());
            default -> number();
        };
        depth--;
        return json;
    }

    private Json object() {
        Map<String, Json> members = new LinkedHashMap<>();
        position++;
        skipSpace();
        if (take('}')) {
            return new Json.Obj(members);
        }
        do {
            skipSpace();
            String name = string();
            skipSpace();
            expect(':');
            if (members.put(name, value()) != null) {
                throw unexpected("each key once, found `" + name + "` twice");
            }
            skipSpace();
        } while (take(','));
        expect('}');
        return new Json.Obj(members);
    }

    private Json array() {
        List<Json> items = new ArrayList<>();
        position++;
        skipSpace();
        if (take(']')) {
            return new Json.Arr(items);
        }
        do {
            items.add(value());
            skipSpace();
        } while (take(','));
        expect(']');
        return new Json.Arr(items);
    }

    private String string() {
        expect('"');
        StringBuilder string = new StringBuilder();
        while (!take('"')) {
            char c = peek();
            if (c < ' ') {
                throw unexpected("a character or a closing quote");
            }
            position++;
            string.append(c == '\\' ? escaped() : c);
        }
        return string.toString();
    }

    private char escaped() {
        char c = peek();
        position++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> codeUnit();
            default -> {
                position--;
                throw unexpected("an escape");
            }
        };
    }

    private char codeUnit() {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw unexpected("a hexadecimal digit");
            }
            unit = unit * 16 + digit;
            position++;
        }
        return (char) unit;
    }

    private Json number() {
        Matcher matcher = NUMBER.matcher(text).region(position, text.length());
        if (!matcher.lookingAt()) {
            throw unexpected("a value");
        }
        position = matcher.end();
        return new Json.Num(new BigDecimal(matcher.group()));
    }

    private Json word(String word, Json json) {
        if (!text.startsWith(word, position)) {
            throw unexpected("a value");
        }
        position += word.length();
        return json;
    }

    private void skipSpace() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    /// The next character, or NUL at the end, which JSON allows nowhere unescaped.
    private char peek() {
        return position < text.length() ? text.charAt(position) : '\0';
    }

    private boolean take(char expected) {
        if (peek() != expected) {
            return false;
        }
        position++;
        return true;
    }

    private void expect(char expected) {
        if (!take(expected)) {
            throw unexpected("`" + expected + "`");
        }
    }

    private IllegalArgumentException unexpected(String expected) {
        return new IllegalArgumentException("JSON, character %d: expected %s".formatted(position + 1, expected));
    }
}
