package io.loreley.embedding;

import io.loreley.embedding.Syntax.Trait;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes the comments out of one text, in one pass from left to right. Strings, regular expressions, preprocessor lines and
 * a first line that names an interpreter are no comments. A comment between two words leaves a blank or a line end behind,
 * so that they stay two. Where a guess is needed, as for a slash or a single quote, what is not certainly a comment stays.
 */
final class Comments {

    private static final int NONE = -1;

    /** One character, or an escaped one, be it by a code of several digits. */
    private static final Pattern CHARACTER = Pattern.compile("'(?:\\\\(?:[^\\n]|[^'\\n]{2,9})|[^'\\\\\\n]{1,2})'");

    private static final Pattern CPP_RAW_STRING = Pattern.compile("R\"([^ ()\\\\\\n]{0,16})\\(");
    private static final Pattern RUST_RAW_STRING = Pattern.compile("r(#{0,16})\"");
    private static final Pattern HERE_DOCUMENT = Pattern.compile("<<<?[-~]?(['\"]?)([A-Za-z_]\\w*)\\1");
    /** Possessive: the matcher takes a frame of the stack for each round of a group that it may come back to. */
    private static final Pattern REGULAR_EXPRESSION =
            Pattern.compile("/(?![*/])(?:[^/\\\\\\[\\n]++|\\\\[^\\n]|\\[(?:[^\\]\\\\\\n]++|\\\\[^\\n])*+])++/");
    /** Words behind which a value begins. */
    private static final Pattern BEFORE_VALUE = Pattern.compile(
            "(?:^|\\W)(?:return|typeof|case|in|of|do|else|void|delete|throw|new|instanceof|yield|await)$");

    private static final int LONGEST_WORD = 12;

    private final Syntax syntax;
    private final String text;
    private final StringBuilder kept;
    private int at;
    /** Where a comment seemed to begin that is never closed, so that no text is searched to its end over and over. */
    private final BitSet unclosed = new BitSet();
    /** A here-document that begins with the next line. */
    private @Nullable String pendingHereDocument;

    Comments(Syntax syntax, String text) {
        this.syntax = syntax;
        this.text = text;
        this.kept = new StringBuilder(text.length());
    }

    String removed() {
        if (text.startsWith("#!")) {
            keepUntil(lineEnd(0));
        }
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n' && pendingHereDocument != null) {
                keepUntil(hereDocumentEnd(pendingHereDocument));
                pendingHereDocument = null;
            } else if (isWord(c) && !mayOpenRawString(c)) {
                keepUntil(wordEnd(at));
            } else if (!skipBlock() && !skipLine() && !keepString()) {
                keepUntil(isWord(c) ? wordEnd(at) : at + 1);
            }
        }
        return kept.toString();
    }

    private boolean skipBlock() {
        for (Syntax.Block block : syntax.blocks()) {
            if (text.startsWith(block.open(), at) && (!has(Trait.BLOCKS_AT_MARGIN) || atMargin(at))) {
                int end = blockEnd(block);
                if (end == NONE) {
                    return false;
                }
                boolean severalLines = text.substring(at, end).indexOf('\n') >= 0;
                at = end;
                kept.append(severalLines ? '\n' : ' ');
                return true;
            }
        }
        return false;
    }

    /** Behind the comment that begins here; none if it is never closed. */
    private int blockEnd(Syntax.Block block) {
        if (unclosed.get(at)) {
            return NONE;
        }
        Deque<Integer> open = new ArrayDeque<>(List.of(at));
        int i = at + block.open().length();
        while (i < text.length()) {
            if (text.startsWith(block.close(), i) && (!has(Trait.BLOCKS_AT_MARGIN) || atMargin(i))) {
                i += block.close().length();
                open.pop();
                if (open.isEmpty() || !syntax.nested()) {
                    return has(Trait.BLOCKS_AT_MARGIN) ? lineEnd(i) : i;
                }
            } else if (text.startsWith(block.open(), i)) {
                open.push(i);
                i += syntax.nested() ? block.open().length() : 1;
            } else {
                i++;
            }
        }
        open.forEach(unclosed::set);
        return NONE;
    }

    private boolean skipLine() {
        for (String mark : syntax.lines()) {
            if (text.startsWith(mark, at) && opensLineComment(mark)) {
                at = lineEnd(at);
                dropBlankLine();
                return true;
            }
        }
        return false;
    }

    private boolean opensLineComment(String mark) {
        if (syntax.wordsApart() && at > 0 && " \t\n\r;()".indexOf(text.charAt(at - 1)) < 0) {
            return false;
        }
        if (mark.equals("#") && has(Trait.HASH_BRACKETS) && text.startsWith("#[", at)) {
            return false;
        }
        // In TeX and shells a backslash makes it an ordinary character.
        return mark.length() > 1 || at == 0 || text.charAt(at - 1) != '\\';
    }

    /** A line of which only blanks are left goes altogether. */
    private void dropBlankLine() {
        int start = kept.length();
        while (start > 0 && (kept.charAt(start - 1) == ' ' || kept.charAt(start - 1) == '\t')) {
            start--;
        }
        if (start == 0 || kept.charAt(start - 1) == '\n') {
            kept.setLength(start);
            at = Math.min(text.length(), at + 1);
        }
    }

    private boolean keepString() {
        int end = stringEnd();
        if (end == NONE) {
            return false;
        }
        keepUntil(end);
        return true;
    }

    /** Behind the string, character or regular expression that begins here; none if none does. */
    private int stringEnd() {
        if (has(Trait.CPP_RAW_STRINGS)) {
            Matcher raw = matcher(CPP_RAW_STRING);
            if (raw.lookingAt()) {
                return behind(")" + raw.group(1) + "\"", raw.end());
            }
        }
        if (has(Trait.RUST_RAW_STRINGS)) {
            Matcher raw = matcher(RUST_RAW_STRING);
            if (raw.lookingAt()) {
                return behind("\"" + raw.group(1), raw.end());
            }
        }
        if (has(Trait.HERE_DOCUMENTS)) {
            Matcher document = matcher(HERE_DOCUMENT);
            if (document.lookingAt()) {
                pendingHereDocument = document.group(2);
                return document.end();
            }
        }
        if (has(Trait.CHARACTERS) && text.charAt(at) == '\'') {
            Matcher character = matcher(CHARACTER);
            return character.lookingAt() ? character.end() : at + 1;
        }
        for (Quote quote : syntax.quotes()) {
            if (text.startsWith(quote.open(), at)) {
                return quote.end(text, at + quote.open().length());
            }
        }
        if (has(Trait.REGULAR_EXPRESSIONS) && text.charAt(at) == '/' && valueMayBegin()) {
            Matcher expression = matcher(REGULAR_EXPRESSION);
            return expression.lookingAt() ? expression.end() : NONE;
        }
        return NONE;
    }

    /** Whether a value, and so a regular expression rather than a division, may begin here. */
    private boolean valueMayBegin() {
        int end = kept.length();
        while (end > 0 && Character.isWhitespace(kept.charAt(end - 1))) {
            end--;
        }
        if (end == 0 || "(,=:[!&|?{};+-*%<>~^".indexOf(kept.charAt(end - 1)) >= 0) {
            return true;
        }
        return BEFORE_VALUE
                .matcher(kept.substring(Math.max(0, end - LONGEST_WORD), end))
                .find();
    }

    private boolean mayOpenRawString(char c) {
        return (c == 'R' && has(Trait.CPP_RAW_STRINGS)) || (c == 'r' && has(Trait.RUST_RAW_STRINGS));
    }

    /** The end of the line that closes the here-document, or of the text. */
    private int hereDocumentEnd(String word) {
        int start = at + 1;
        while (start < text.length()) {
            int end = lineEnd(start);
            String line = text.substring(start, end).strip();
            if (line.equals(word) || line.equals(word + ";")) {
                return end;
            }
            start = end + 1;
        }
        return text.length();
    }

    private int behind(String mark, int from) {
        int found = text.indexOf(mark, from);
        return found < 0 ? text.length() : found + mark.length();
    }

    private Matcher matcher(Pattern pattern) {
        return pattern.matcher(text).region(at, text.length());
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private int wordEnd(int from) {
        int end = from + 1;
        while (end < text.length() && isWord(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private boolean atMargin(int position) {
        return position == 0 || text.charAt(position - 1) == '\n';
    }

    private int lineEnd(int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private void keepUntil(int end) {
        kept.append(text, at, end);
        at = end;
    }

    private boolean has(Trait trait) {
        return syntax.traits().contains(trait);
    }
}
