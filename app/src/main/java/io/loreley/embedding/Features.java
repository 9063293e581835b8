package io.loreley.embedding;

/**
 * Reads the features of a text and hands their hashes to a counter.
 *
 * <ul>
 *   <li>The words of identifiers, in lower case: {@code parseHttpHeader} and {@code parse_http_header} have the same three.
 *   <li>Whole identifiers of several words.
 *   <li>Numbers, and each of their beginnings from the first significant digit on: 0.731 and 0.738 share 0.7 and 0.73, so
 *       that close numbers are close texts.
 *   <li>Pairs and triples of neighbouring tokens, in which all numbers are alike. Words and signs are tokens, blanks are
 *       not.
 * </ul>
 *
 * <p>For one thread.
 */
final class Features {

    private static final long SEED = 0x9E3779B97F4A7C15L;
    private static final long WORD = 1;
    private static final long IDENTIFIER = 2;
    private static final long NUMBER = 3;
    private static final long PAIR = 4;
    private static final long TRIPLE = 5;

    /** What is hashed in place of any number. */
    private static final long ANY_NUMBER = 0x2545F4914F6CDD1DL;

    /** Digits beyond these make no text unlike another. */
    private static final int SIGNIFICANT_DIGITS = 6;

    private final FeatureCounts counts;
    private long beforeLast;
    private long last;

    Features(FeatureCounts counts) {
        this.counts = counts;
    }

    void read(String text) {
        beforeLast = 0;
        last = 0;
        int length = text.length();
        int at = 0;
        while (at < length) {
            char c = text.charAt(at);
            if (c <= ' ') {
                at++;
            } else if (isDigit(c) || (c == '.' && at + 1 < length && isDigit(text.charAt(at + 1)))) {
                at = number(text, at);
            } else if (isWord(c)) {
                at = identifier(text, at);
            } else {
                token(mix(SEED, c));
                at++;
            }
        }
    }

    private int identifier(String text, int start) {
        int end = start + 1;
        while (end < text.length() && (isWord(text.charAt(end)) || isDigit(text.charAt(end)))) {
            end++;
        }
        long whole = SEED;
        long word = SEED;
        int words = 0;
        int letters = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            whole = mix(whole, c);
            boolean separator = c == '_' || c == '$';
            if (letters > 0 && (separator || beginsWord(text, i, end))) {
                count(WORD, word);
                words++;
                word = SEED;
                letters = 0;
            }
            if (!separator) {
                word = mix(word, Character.toLowerCase(c));
                letters++;
            }
        }
        if (letters > 0) {
            count(WORD, word);
            words++;
        }
        if (words > 1) {
            count(IDENTIFIER, whole);
        }
        token(whole);
        return end;
    }

    /** A capital behind a small letter, or the last of several capitals before a small letter, as the R of HTTPRequest. */
    private static boolean beginsWord(String text, int i, int end) {
        char c = text.charAt(i);
        if (!Character.isUpperCase(c)) {
            return false;
        }
        return !Character.isUpperCase(text.charAt(i - 1)) || (i + 1 < end && Character.isLowerCase(text.charAt(i + 1)));
    }

    private int number(String text, int start) {
        int end = start;
        long prefix = SEED;
        int significant = 0;
        boolean mantissa = true;
        while (end < text.length()) {
            char c = text.charAt(end);
            boolean exponentSign = (c == '-' || c == '+') && !mantissa && isExponent(text.charAt(end - 1));
            if (!isDigit(c) && !isWord(c) && c != '.' && !exponentSign) {
                break;
            }
            mantissa &= isDigit(c) || c == '.' || c == '_';
            if (c != '_' && (!mantissa || significant < SIGNIFICANT_DIGITS)) {
                prefix = mix(prefix, c);
            }
            if (mantissa && isDigit(c) && (significant > 0 || c != '0')) {
                significant++;
                if (significant < SIGNIFICANT_DIGITS) {
                    count(NUMBER, prefix);
                }
            }
            end++;
        }
        count(NUMBER, mix(prefix, '\n'));
        token(ANY_NUMBER);
        return end;
    }

    private static boolean isExponent(char c) {
        return c == 'e' || c == 'E';
    }

    private void token(long hash) {
        if (last != 0) {
            count(PAIR, mix(last, hash));
            if (beforeLast != 0) {
                count(TRIPLE, mix(mix(beforeLast, last), hash));
            }
        }
        beforeLast = last;
        last = hash;
    }

    private void count(long kind, long hash) {
        counts.add(finished(hash ^ (kind * SEED)));
    }

    private static long mix(long hash, long next) {
        return (Long.rotateLeft(hash, 5) ^ next) * 0xD6E8FEB86659FD93L;
    }

    /** The finaliser of SplitMix64: every bit of the input changes half of the bits. */
    private static long finished(long hash) {
        long mixed = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_'
                || c == '$'
                || (c >= 0x80 && Character.isLetter(c));
    }
}
