package io.loreley.embedding;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a language writes a text that begins with the next line and ends with a line of a word of its own. */
enum HereDocument {
    /** {@code << EOF}, {@code <<-'END-1'}, {@code <<\EOF}; three of them are a string of one line. */
    SHELL(
            "(?<!<)<<(?!<)(?<indent>-?)[ \\t]*(?:(?<quote>['\"])(?<quoted>[^'\"\\n]+)\\k<quote>|\\\\?(?<bare>[A-Za-z_!][\\w.!-]*))"),
    /** {@code <<~EOF}: a blank behind the mark would append. */
    PLAIN("<<(?<indent>[-~]?)(?:(?<quote>['\"`])(?<quoted>[^'\"`\\n]+)\\k<quote>|(?<bare>[A-Za-z_]\\w*))"),
    /** {@code <<< 'EOT'}; what it is in may go on behind its end. */
    PHP("<<<(?<indent>)[ \\t]*(?:(?<quote>['\"])(?<quoted>\\w+)\\k<quote>|(?<bare>[A-Za-z_]\\w*))"),
    /** As plain ones, with a last line that may always be indented. */
    HCL("<<(?<indent>-?)(?<quote>)(?:(?<quoted>(?!))|(?<bare>[A-Za-z_][\\w-]*))");

    private final Pattern opening;

    HereDocument(String opening) {
        this.opening = Pattern.compile(opening);
    }

    /** The one that is opened at a place; nothing if none is. */
    @Nullable
    Opened at(String text, int place) {
        if (text.charAt(place) != '<') {
            return null;
        }
        Matcher matcher = opening.matcher(text).region(place, text.length()).useTransparentBounds(true);
        if (!matcher.lookingAt()) {
            return null;
        }
        String quoted = matcher.group("quoted");
        String word = quoted != null ? quoted : matcher.group("bare");
        boolean indented =
                this == PHP || this == HCL || !matcher.group("indent").isEmpty();
        return new Opened(word, indented, this == PHP, matcher.end());
    }

    /**
     * A text that begins with the next line.
     *
     * @param indented there may be blanks before the word that ends it
     * @param goesOn there may be code behind that word
     * @param behind where the line goes on that opened it
     */
    record Opened(String word, boolean indented, boolean goesOn, int behind) {

        /** Behind the word that ends it, where {@code from} is the start of a line; nothing if no line does. */
        @Nullable
        Integer end(Lines lines, int from) {
            String text = lines.text;
            for (int start : lines.of(word, from)) {
                int first = indented ? lines.behindBlanks(start) : start;
                if (text.startsWith(word, first) && closes(text, first + word.length(), lines.end(start))) {
                    return first + word.length();
                }
            }
            return null;
        }

        private boolean closes(String text, int behindWord, int lineEnd) {
            if (behindWord > lineEnd) {
                return false;
            }
            String rest = text.substring(behindWord, lineEnd);
            return rest.isBlank() || (goesOn && !Character.isLetterOrDigit(rest.charAt(0)) && rest.charAt(0) != '_');
        }
    }

    /** Where the lines of a text begin, by what they end if they end one: so that none is searched for through the text. */
    static final class Lines {

        private final String text;
        private final boolean goesOn;
        private final Map<String, NavigableSet<Integer>> starts = new HashMap<>();

        /** @param goesOn there may be code behind the word that ends one */
        Lines(String text, boolean goesOn) {
            this.text = text;
            this.goesOn = goesOn;
            for (int start = 0; start < text.length(); start = end(start) + 1) {
                String line = text.substring(behindBlanks(start), end(start));
                starts.computeIfAbsent(key(line), _ -> new TreeSet<>()).add(start);
            }
        }

        /** Those from a place on that a word may end, in their order. */
        private NavigableSet<Integer> of(String word, int from) {
            NavigableSet<Integer> found = starts.get(key(word));
            return found == null ? Collections.emptyNavigableSet() : found.tailSet(from, true);
        }

        /** Its first word if code may follow, else all but the blanks around it. */
        private String key(String line) {
            if (!goesOn) {
                return line.strip();
            }
            int end = 0;
            while (end < line.length() && (Character.isLetterOrDigit(line.charAt(end)) || line.charAt(end) == '_')) {
                end++;
            }
            return line.substring(0, end);
        }

        private int behindBlanks(int start) {
            int first = start;
            while (first < text.length() && (text.charAt(first) == ' ' || text.charAt(first) == '\t')) {
                first++;
            }
            return first;
        }

        private int end(int start) {
            int newline = text.indexOf('\n', start);
            return newline < 0 ? text.length() : newline;
        }
    }
}
