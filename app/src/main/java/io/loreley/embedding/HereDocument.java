package io.loreley.embedding;

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
        Integer end(String text, int from) {
            for (int start = from; start < text.length(); ) {
                int newline = text.indexOf('\n', start);
                int end = newline < 0 ? text.length() : newline;
                int first = start;
                while (indented && first < end && (text.charAt(first) == ' ' || text.charAt(first) == '\t')) {
                    first++;
                }
                if (text.startsWith(word, first) && closes(text, first + word.length(), end)) {
                    return first + word.length();
                }
                start = end + 1;
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
}
