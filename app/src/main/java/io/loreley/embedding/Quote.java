package io.loreley.embedding;

import org.jspecify.annotations.Nullable;

/**
 * One way of writing a string.
 *
 * @param escapes a backslash takes the next character with it
 * @param multiLine it may go on in the next line; otherwise it ends with its line, closed or not
 * @param hole how code is put into it; absent if it is text alone
 */
record Quote(
        String open,
        String close,
        boolean escapes,
        boolean multiLine,
        @Nullable Hole hole) {

    static Quote line(String mark) {
        return new Quote(mark, mark, true, false, null);
    }

    static Quote lines(String mark) {
        return new Quote(mark, mark, true, true, null);
    }

    static Quote raw(String open, String close) {
        return new Quote(open, close, false, true, null);
    }

    /** Of one line, in which a backslash is a character like others. */
    static Quote rawLine(String mark) {
        return new Quote(mark, mark, false, false, null);
    }

    Quote with(Hole code) {
        return new Quote(open, close, escapes, multiLine, code);
    }

    /** Behind the end of the string whose opening mark ends at {@code start}; what is in holes is text like the rest. */
    int end(String text, int start) {
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (escapes && c == '\\') {
                i++;
            } else if (text.startsWith(close, i)) {
                return i + close.length();
            } else if (c == '\n' && !multiLine) {
                return i;
            }
        }
        return text.length();
    }

    /** What opens code in a string, and the bracket that closes it, unless another of its kind was opened in between. */
    enum Hole {
        DOLLAR_BRACE("${", '{', '}'),
        HASH_BRACE("#{", '{', '}'),
        BACKSLASH_PARENTHESIS("\\(", '(', ')'),
        DOLLAR_PARENTHESIS("$(", '(', ')');

        final String open;
        final char bracket;
        final char closing;

        Hole(String open, char bracket, char closing) {
            this.open = open;
            this.bracket = bracket;
            this.closing = closing;
        }
    }
}
