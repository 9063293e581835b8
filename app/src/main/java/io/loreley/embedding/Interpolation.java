package io.loreley.embedding;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of a string in which there is code, and in that code strings again, as in <code>`${a ? `b` : ''}`</code>. In
 * one pass and without recursion, since nobody says how deep they lie.
 */
final class Interpolation {

    /** The string does not end as strings with holes do. */
    static final int NONE = -1;

    private final String text;
    private final List<Quote> quotes;
    /** Strings that are open, the innermost first. */
    private final Deque<Quote> strings = new ArrayDeque<>();
    /** For each string that has an open hole, how many brackets are open in it. In the innermost string, if they are as many. */
    private final Deque<Integer> brackets = new ArrayDeque<>();

    private int at;

    Interpolation(String text, List<Quote> quotes) {
        this.text = text;
        this.quotes = quotes;
    }

    /** Behind the end of the string whose opening mark ends at {@code start}. */
    int end(Quote quote, int start) {
        at = start;
        strings.push(quote);
        while (at < text.length()) {
            boolean goesOn = brackets.size() < strings.size() ? inText(strings.getFirst()) : inCode(strings.getFirst());
            if (!goesOn) {
                return NONE;
            }
            if (strings.isEmpty()) {
                return at;
            }
        }
        return NONE;
    }

    /** How far it came. */
    int reached() {
        return at;
    }

    private boolean inText(Quote quote) {
        Quote.Hole hole = quote.hole();
        char c = text.charAt(at);
        if (hole != null && text.startsWith(hole.open, at)) {
            brackets.push(1);
            at += hole.open.length();
        } else if (quote.escapes() && c == '\\') {
            at += 2;
        } else if (text.startsWith(quote.close(), at)) {
            strings.pop();
            at += quote.close().length();
        } else if (c == '\n' && !quote.multiLine()) {
            return false;
        } else {
            at++;
        }
        return true;
    }

    private boolean inCode(Quote quote) {
        Quote.Hole hole = quote.hole();
        char c = text.charAt(at);
        if (hole == null || (c == '\n' && !quote.multiLine())) {
            return false;
        }
        Quote opened = opened();
        if (opened != null) {
            strings.push(opened);
            at += opened.open().length();
        } else if (c == '\\') {
            at += 2;
        } else {
            if (c == hole.bracket) {
                brackets.push(brackets.pop() + 1);
            } else if (c == hole.closing) {
                int open = brackets.pop() - 1;
                if (open > 0) {
                    brackets.push(open);
                }
            }
            at++;
        }
        return true;
    }

    private @Nullable Quote opened() {
        for (Quote quote : quotes) {
            if (text.startsWith(quote.open(), at)) {
                return quote;
            }
        }
        return null;
    }
}
