package io.loreley.embedding;

import java.util.regex.Pattern;

/** A text of several lines in YAML, as behind {@code run: |}: all lines that are indented as far as its first one. */
final class BlockScalar {

    /** There is none. */
    static final int NONE = -1;

    private static final Pattern HEADER =
            Pattern.compile("[|>](?:[+-][1-9]?|[1-9][+-]?)?[ \\t]*+(?:(?<=[ \\t])#[^\\n]*+)?+(?=\\n)");

    private BlockScalar() {}

    /** Behind the last line of the text whose header may begin here. */
    static int end(String text, int place) {
        char c = text.charAt(place);
        if (c != '|' && c != '>') {
            return NONE;
        }
        var header = HEADER.matcher(text).region(place, text.length()).useTransparentBounds(true);
        if (!header.lookingAt()) {
            return NONE;
        }
        int lineStart = text.lastIndexOf('\n', place) + 1;
        if (!isBehindMark(text, lineStart, place)) {
            return NONE;
        }
        int outer = indent(text, lineStart);
        int inner = NONE;
        int end = header.end();
        while (end < text.length()) {
            int next = nextText(text, end);
            if (next == NONE) {
                return end;
            }
            int indent = indent(text, next);
            if (indent <= outer || indent < inner) {
                return end;
            }
            inner = inner == NONE ? indent : inner;
            int newline = text.indexOf('\n', next);
            end = newline < 0 ? text.length() : newline;
        }
        return end;
    }

    /** Behind a key, or the dash of a list, and whatever tags and anchors there are. */
    private static boolean isBehindMark(String text, int lineStart, int place) {
        for (int i = place; i > lineStart; ) {
            int end = i;
            while (end > lineStart && isBlank(text.charAt(end - 1))) {
                end--;
            }
            if (end == i || end == lineStart) {
                return false;
            }
            if (":?-".indexOf(text.charAt(end - 1)) >= 0) {
                return true;
            }
            i = end;
            while (i > lineStart && !Character.isWhitespace(text.charAt(i - 1))) {
                i--;
            }
            if (end - i < 2 || "!&".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return false;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** The start of the next line that is not blank, where {@code lineEnd} is the end of one; none if there is none. */
    private static int nextText(String text, int lineEnd) {
        int start = lineEnd + 1;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                start = i + 1;
            } else if (!isBlank(c)) {
                return start;
            }
        }
        return NONE;
    }

    private static int indent(String text, int lineStart) {
        int end = lineStart;
        while (end < text.length() && text.charAt(end) == ' ') {
            end++;
        }
        return end - lineStart;
    }
}
