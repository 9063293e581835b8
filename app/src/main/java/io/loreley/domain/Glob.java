package io.loreley.domain;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of git's: {@code *} and {@code ?} stop at slashes, {@code **} between slashes spans any number of folders,
 * classes and escapes as in a shell. Like git it compares bytes, so that {@code ?} is one byte of a letter's UTF-8.
 * Immutable.
 *
 * <p>Matching needs no recursion: when a token does not fit, only the last star, or else the last double star, can take
 * more of the text, because whatever an earlier one took more of could be taken by a later one as well.
 *
 * @see <a href="https://git-scm.com/docs/gitignore#_pattern_format">the format</a>
 */
public final class Glob {

    private static final int NEVER = -1;

    /** Alternatives, as shells and Java have them. */
    private static final Pattern BRACES = Pattern.compile("(?<!\\\\)\\{[^}]*,[^}]*}");

    private final List<Token> tokens;

    private Glob(List<Token> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    /** A malformed pattern, as one with an open bracket, matches nothing. */
    public static Glob of(String pattern) {
        List<Token> tokens = new Compiler(bytes(pattern)).tokens();
        return new Glob(tokens == null ? List.of(new Literal(NEVER)) : tokens);
    }

    /**
     * Refuses a pattern that a person wrote and that would match nothing they mean.
     *
     * @param setting the key that holds it
     */
    public static void requireMeaning(String setting, String pattern) {
        if (pattern.isBlank() || new Compiler(bytes(pattern)).tokens() == null) {
            throw new IllegalArgumentException("%s: '%s' is no pattern as git reads them".formatted(setting, pattern));
        }
        if (BRACES.matcher(pattern).find()) {
            throw new IllegalArgumentException(
                    "%s: '%s' holds braces, which stand for themselves in git's patterns; write a pattern for each"
                            .formatted(setting, pattern));
        }
    }

    /** @param path with slashes, and none at the beginning */
    public boolean matches(String path) {
        String text = bytes(path);
        int token = 0;
        int position = 0;
        int star = NEVER;
        int starTook = NEVER;
        int doubleStar = NEVER;
        int doubleStarTook = NEVER;
        while (true) {
            if (token < tokens.size() && tokens.get(token) instanceof Star) {
                star = token++;
                starTook = position;
                continue;
            }
            if (token < tokens.size() && tokens.get(token) instanceof DoubleStar) {
                doubleStar = token++;
                doubleStarTook = position;
                star = NEVER;
                continue;
            }
            if (token == tokens.size() && position == text.length()) {
                return true;
            }
            if (token < tokens.size()
                    && position < text.length()
                    && tokens.get(token).accepts(text.charAt(position))) {
                token++;
                position++;
                continue;
            }
            if (star != NEVER && starTook < text.length() && text.charAt(starTook) != '/') {
                token = star + 1;
                position = ++starTook;
                continue;
            }
            doubleStarTook =
                    doubleStar == NEVER ? NEVER : ((DoubleStar) tokens.get(doubleStar)).next(text, doubleStarTook);
            if (doubleStarTook == NEVER) {
                return false;
            }
            star = NEVER;
            token = doubleStar + 1;
            position = doubleStarTook;
        }
    }

    /** The UTF-8 bytes of a text, one a character. */
    private static String bytes(String text) {
        return text.chars().allMatch(c -> c < 0x80)
                ? text
                : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private sealed interface Token {
        boolean accepts(char c);
    }

    private record Literal(int value) implements Token {
        @Override
        public boolean accepts(char c) {
            return c == value;
        }
    }

    /** One byte of a set, never a slash. */
    private record OneOf(BitSet bytes) implements Token {
        @Override
        public boolean accepts(char c) {
            return c != '/' && bytes.get(c);
        }
    }

    private record Star() implements Token {
        @Override
        public boolean accepts(char c) {
            return false;
        }
    }

    /**
     * Any text.
     *
     * @param folders it takes nothing or ends behind a slash
     */
    private record DoubleStar(boolean folders) implements Token {
        @Override
        public boolean accepts(char c) {
            return false;
        }

        int next(String text, int taken) {
            if (folders) {
                int slash = text.indexOf('/', taken);
                return slash < 0 ? NEVER : slash + 1;
            }
            return taken < text.length() ? taken + 1 : NEVER;
        }
    }

    /** Reads a pattern from left to right, once. */
    private static final class Compiler {

        private final String pattern;
        /** Where the first special character stands: a double star there counts as one behind a slash, as in git. */
        private final int literalPrefix;

        private final List<Token> tokens = new ArrayList<>();
        private int at;

        Compiler(String pattern) {
            this.pattern = pattern;
            int plain = 0;
            while (plain < pattern.length() && "*?[\\".indexOf(pattern.charAt(plain)) < 0) {
                plain++;
            }
            this.literalPrefix = plain;
        }

        /** Absent if the pattern is malformed. */
        @Nullable
        List<Token> tokens() {
            while (at < pattern.length()) {
                char c = pattern.charAt(at);
                switch (c) {
                    case '*' -> stars();
                    case '?' -> {
                        tokens.add(new OneOf(all()));
                        at++;
                    }
                    case '[' -> {
                        BitSet set = set();
                        if (set == null) {
                            return null;
                        }
                        tokens.add(new OneOf(set));
                    }
                    case '\\' -> {
                        if (at + 1 == pattern.length()) {
                            return null;
                        }
                        tokens.add(new Literal(pattern.charAt(at + 1)));
                        at += 2;
                    }
                    default -> {
                        tokens.add(new Literal(c));
                        at++;
                    }
                }
            }
            return tokens;
        }

        private void stars() {
            int start = at;
            while (at < pattern.length() && pattern.charAt(at) == '*') {
                at++;
            }
            boolean opens = start == literalPrefix || pattern.charAt(start - 1) == '/';
            boolean closes = at == pattern.length() || pattern.charAt(at) == '/' || pattern.startsWith("\\/", at);
            if (at - start == 1 || !opens || !closes) {
                tokens.add(new Star());
            } else if (at < pattern.length() && pattern.charAt(at) == '/') {
                tokens.add(new DoubleStar(true));
                at++;
            } else {
                tokens.add(new DoubleStar(false));
            }
        }

        /** A bracket expression; absent if it is not closed or names an unknown class. */
        private @Nullable BitSet set() {
            at++;
            boolean negated = at < pattern.length() && (pattern.charAt(at) == '!' || pattern.charAt(at) == '^');
            if (negated) {
                at++;
            }
            BitSet set = new BitSet(256);
            int previous = NEVER;
            boolean first = true;
            while (at < pattern.length() && (first || pattern.charAt(at) != ']')) {
                first = false;
                char c = pattern.charAt(at);
                if (pattern.startsWith("[:", at) && namedClassEnd() >= 0) {
                    int end = namedClassEnd();
                    BitSet named = named(pattern.substring(at + 2, end - 1));
                    if (named == null) {
                        return null;
                    }
                    set.or(named);
                    previous = NEVER;
                    at = end + 1;
                } else if (c == '-'
                        && previous != NEVER
                        && at + 1 < pattern.length()
                        && pattern.charAt(at + 1) != ']') {
                    at++;
                    int last = literal();
                    if (last == NEVER) {
                        return null;
                    }
                    if (previous <= last) {
                        set.set(previous, last + 1);
                    }
                    previous = NEVER;
                } else {
                    int literal = literal();
                    if (literal == NEVER) {
                        return null;
                    }
                    set.set(literal);
                    previous = literal;
                }
            }
            if (at == pattern.length()) {
                return null;
            }
            at++;
            if (negated) {
                set.flip(0, 256);
            }
            return set;
        }

        /** Where the bracket stands that closes {@code [:name:]}; negative if it does not close so. */
        private int namedClassEnd() {
            int end = pattern.indexOf(']', at + 2);
            return end > at + 2 && pattern.charAt(end - 1) == ':' ? end : NEVER;
        }

        private int literal() {
            if (pattern.charAt(at) == '\\') {
                at++;
            }
            return at < pattern.length() ? pattern.charAt(at++) : NEVER;
        }

        private static BitSet all() {
            BitSet all = new BitSet(256);
            all.set(0, 256);
            return all;
        }

        private static @Nullable BitSet named(String name) {
            IntPredicate members = NAMED.stream()
                    .filter(known -> known.name.equals(name))
                    .map(known -> known.members)
                    .findFirst()
                    .orElse(null);
            if (members == null) {
                return null;
            }
            BitSet set = new BitSet(256);
            for (int c = 0; c < 0x80; c++) {
                set.set(c, members.test(c));
            }
            return set;
        }

        private static boolean isDigit(int c) {
            return c >= '0' && c <= '9';
        }

        private static boolean isLetter(int c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        }

        private static boolean isVisible(int c) {
            return c > ' ' && c < 0x7f;
        }

        private static final List<Named> NAMED = Arrays.asList(
                new Named("alnum", c -> isLetter(c) || isDigit(c)),
                new Named("alpha", Compiler::isLetter),
                new Named("blank", c -> c == ' ' || c == '\t'),
                new Named("cntrl", c -> c < ' ' || c == 0x7f),
                new Named("digit", Compiler::isDigit),
                new Named("graph", Compiler::isVisible),
                new Named("lower", c -> c >= 'a' && c <= 'z'),
                new Named("print", c -> isVisible(c) || c == ' '),
                new Named("punct", c -> isVisible(c) && !isLetter(c) && !isDigit(c)),
                new Named("space", c -> c == ' ' || (c >= '\t' && c <= '\r')),
                new Named("upper", c -> c >= 'A' && c <= 'Z'),
                new Named("xdigit", c -> isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));

        private record Named(String name, IntPredicate members) {}
    }
}
