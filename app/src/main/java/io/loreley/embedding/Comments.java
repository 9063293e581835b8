package io.loreley.embedding;

import io.loreley.embedding.Syntax.Trait;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes the comments out of one text, in one pass from left to right. Strings, regular expressions, preprocessor lines and
 * a first line that names an interpreter are no comments, nor is what stands behind a backslash. A comment between two words
 * leaves a blank or a line end behind, so that they stay two. Where a guess is needed, as for a slash or a single quote, what
 * is not certainly a comment stays.
 */
final class Comments {

    private static final int NONE = -1;

    /** One character, or an escaped one, be it by a code of several digits. */
    private static final Pattern CHARACTER = Pattern.compile("'(?:\\\\(?:[^\\n]|[^'\\n]{2,9})|[^'\\\\\\n]{1,2})'");

    private static final Pattern CPP_RAW_STRING = Pattern.compile("R\"([^ ()\\\\\\n]{0,16})\\(");
    private static final Pattern RUST_RAW_STRING = Pattern.compile("r(#{0,16})\"");
    /** Words behind which a value begins. */
    private static final Pattern BEFORE_VALUE = Pattern.compile(
            "(?:^|\\W)(?:return|typeof|case|in|of|do|else|void|delete|throw|new|instanceof|yield|await)$");

    private static final int LONGEST_WORD = 12;

    /** Characters of an operator in Haskell and its kin. */
    private static final String OPERATOR = "!#$%&*+./<=>?@\\^|~:-";
    /** How often a text may be searched to no end for the end of strings that hold code. */
    private static final int SEARCHES = 4;

    private final Syntax syntax;
    private final String text;
    private final StringBuilder kept;
    private int at;
    /** Where a comment seemed to begin that is never closed, so that no text is searched to its end over and over. */
    private final BitSet unclosed = new BitSet();
    /** Where a regular expression that does not end in its line would go on, outside and inside of brackets. */
    private final BitSet unended = new BitSet();

    private final BitSet unendedInBrackets = new BitSet();
    /** The end of the line that was asked for last, and from where. */
    private int lineEnd = NONE;

    private int lineEndFrom;
    /** Where the here-documents end that begin with the next line; none if none do. */
    private int hereDocumentsEnd = NONE;
    /** Words, behind a dash where they may be indented, that end no here-document from here on. */
    private final Set<String> unendedWords = new HashSet<>();
    /** Found when a first here-document seems to begin. */
    private HereDocument.@Nullable Lines lines;
    /** Characters searched in vain. */
    private long searched;
    /** Between the tags of PHP. */
    private boolean inMarkup;

    Comments(Syntax syntax, String text) {
        this.syntax = syntax;
        this.text = text;
        this.kept = new StringBuilder(text.length());
        this.inMarkup = has(Trait.PHP_TAGS);
    }

    String removed() {
        if (text.startsWith("#!")) {
            keepUntil(lineEnd(0));
        }
        while (at < text.length()) {
            char c = text.charAt(at);
            if (inMarkup) {
                keepMarkup();
            } else if (c == '\n' && hereDocumentsEnd != NONE) {
                keepUntil(Math.max(at + 1, hereDocumentsEnd));
                hereDocumentsEnd = NONE;
            } else if (isWord(c) && !mayOpenRawString(c)) {
                keepUntil(wordEnd(at));
            } else if (!keepException() && !skipBlock() && !skipLine() && !keepString()) {
                keepUntil(isWord(c) ? wordEnd(at) : symbolEnd(c));
            }
        }
        return kept.toString();
    }

    /** All up to the tag that opens code. */
    private void keepMarkup() {
        int tag = text.indexOf("<?", at);
        while (tag >= 0 && text.startsWith("xml", tag + 2)) {
            tag = text.indexOf("<?", tag + 2);
        }
        inMarkup = tag < 0;
        keepUntil(inMarkup ? text.length() : tag + 2);
    }

    private boolean keepException() {
        if (has(Trait.PHP_TAGS) && text.startsWith("?>", at)) {
            inMarkup = true;
            keepUntil(at + 2);
            return true;
        }
        for (String mark : syntax.exceptions()) {
            if (text.startsWith(mark, at)) {
                keepUntil(at + mark.length());
                return true;
            }
        }
        return false;
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
                if (open.isEmpty() || !has(Trait.NESTING)) {
                    return has(Trait.BLOCKS_AT_MARGIN) ? lineEnd(i) : i;
                }
            } else if (text.startsWith(block.open(), i)) {
                open.push(i);
                i += has(Trait.NESTING) ? block.open().length() : 1;
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
                at = lineCommentEnd();
                if (at == text.length() || text.charAt(at) == '\n') {
                    dropBlankLine();
                }
                return true;
            }
        }
        return false;
    }

    private boolean opensLineComment(String mark) {
        if (has(Trait.AT_START)) {
            return atStart();
        }
        if (at == 0) {
            return true;
        }
        char before = text.charAt(at - 1);
        if (has(Trait.APART) && " \t\n\r;()".indexOf(before) < 0) {
            return false;
        }
        // An address, as in the text of JSX or in a style sheet.
        if (mark.equals("//") && before == ':') {
            return false;
        }
        return !has(Trait.DASH_OPERATORS) || !isOperator(before);
    }

    /** Whether dashes are part of an operator. */
    private boolean isOperator(char before) {
        if (OPERATOR.indexOf(before) >= 0) {
            return true;
        }
        int end = at;
        while (end < text.length() && text.charAt(end) == '-') {
            end++;
        }
        return end < text.length() && OPERATOR.indexOf(text.charAt(end)) >= 0;
    }

    /** Only blanks stand before it, and the line before does not go on here. */
    private boolean atStart() {
        int start = at;
        while (start > 0 && (text.charAt(start - 1) == ' ' || text.charAt(start - 1) == '\t')) {
            start--;
        }
        return atMargin(start) && (start < 2 || text.charAt(start - 2) != '\\');
    }

    private int lineCommentEnd() {
        int end = lineEnd(at);
        int tag = has(Trait.PHP_TAGS) ? text.indexOf("?>", at, end) : NONE;
        return tag < 0 ? end : tag;
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
        if (has(Trait.BLOCK_SCALARS)) {
            int end = BlockScalar.end(text, at);
            if (end != BlockScalar.NONE) {
                return end;
            }
        }
        HereDocument.Opened document =
                syntax.hereDocument() == null ? null : syntax.hereDocument().at(text, at);
        if (document != null && begins(document)) {
            return document.behind();
        }
        if (has(Trait.CHARACTERS) && text.charAt(at) == '\'') {
            Matcher character = matcher(CHARACTER);
            return character.lookingAt() ? character.end() : at + 1;
        }
        for (Quote quote : syntax.quotes()) {
            if (text.startsWith(quote.open(), at)) {
                return end(quote, at + quote.open().length());
            }
        }
        if (has(Trait.REGULAR_EXPRESSIONS) && text.charAt(at) == '/' && valueMayBegin()) {
            return regularExpressionEnd();
        }
        return NONE;
    }

    /** Behind the end of a string; of one that holds code, if it ends as such strings do. */
    private int end(Quote quote, int start) {
        int plain = quote.end(text, start);
        if (quote.hole() == null
                || searched > (long) SEARCHES * text.length()
                || !text.substring(start, plain).contains(quote.hole().open)) {
            return plain;
        }
        Interpolation code = new Interpolation(text, syntax.quotes());
        int end = code.end(quote, start);
        if (end == Interpolation.NONE) {
            searched += code.reached() - start;
        }
        return end == Interpolation.NONE ? plain : end;
    }

    /** Behind the regular expression that begins here; none if it does not end in its line, which is found out once. */
    private int regularExpressionEnd() {
        int end = lineEnd(at);
        boolean inBrackets = false;
        int i = at + 1;
        if (i < end && (text.charAt(i) == '*' || text.charAt(i) == '/')) {
            return NONE;
        }
        while (i < end) {
            BitSet passed = inBrackets ? unendedInBrackets : unended;
            if (passed.get(i)) {
                return NONE;
            }
            passed.set(i); // Of no account if it ends: all up to there is kept.
            char c = text.charAt(i);
            if (c == '/' && !inBrackets) {
                return i + 1;
            }
            inBrackets = inBrackets ? c != ']' : c == '[';
            i += c == '\\' ? 2 : 1;
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

    /** A mark of a here-document that no line ends is a shift, or something else. */
    private boolean begins(HereDocument.Opened document) {
        String kind = (document.indented() ? "-" : "") + document.word();
        if (unendedWords.contains(kind)) {
            return false;
        }
        if (lines == null) {
            lines = new HereDocument.Lines(text, document.goesOn());
        }
        Integer end = document.end(lines, hereDocumentsEnd == NONE ? lineEnd(at) + 1 : lineEnd(hereDocumentsEnd) + 1);
        if (end == null) {
            unendedWords.add(kind);
            return false;
        }
        hereDocumentsEnd = end;
        return true;
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

    /** A backslash takes the next character with it, as in {@code \%} or {@code it\'s}. */
    private int symbolEnd(char c) {
        return c == '\\' && at + 1 < text.length() && text.charAt(at + 1) != '\n' ? at + 2 : at + 1;
    }

    private boolean atMargin(int position) {
        return position == 0 || text.charAt(position - 1) == '\n';
    }

    private int lineEnd(int from) {
        if (from < lineEndFrom || from > lineEnd) {
            int end = text.indexOf('\n', from);
            lineEnd = end < 0 ? text.length() : end;
            lineEndFrom = from;
        }
        return lineEnd;
    }

    private void keepUntil(int end) {
        kept.append(text, at, end);
        at = end;
    }

    private boolean has(Trait trait) {
        return syntax.traits().contains(trait);
    }
}
