package io.loreley.embedding;

/**
 * One way of writing a string.
 *
 * @param escapes a backslash takes the next character with it
 * @param multiLine it may go on in the next line; otherwise it ends with its line, closed or not
 */
record Quote(String open, String close, boolean escapes, boolean multiLine) {

    static Quote line(String mark) {
        return new Quote(mark, mark, true, false);
    }

    static Quote lines(String mark) {
        return new Quote(mark, mark, true, true);
    }

    static Quote raw(String open, String close) {
        return new Quote(open, close, false, true);
    }

    /** Behind the end of the string whose opening mark ends at {@code start}. */
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
}
