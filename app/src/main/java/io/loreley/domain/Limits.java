package io.loreley.domain;

import org.jspecify.annotations.Nullable;

/** How long stored texts may be, in characters, and the two ways of keeping to it: refuse, or cut by a written rule. */
public final class Limits {

    public static final int METRIC_NAME = 128;
    public static final int METRIC_UNIT = 32;
    public static final int SUBJECT = 72;
    public static final int CHANGE_SUMMARY = 512;
    public static final int EVALUATION_SUMMARY = 512;
    public static final int GOAL = 512;
    public static final int BULLET = 200;
    public static final int BULLETS = 20;
    public static final int TAG = 64;
    public static final int KEY_FILE = 256;
    public static final int KEY_FILES = 20;
    public static final int HIGHLIGHT = 200;
    public static final int HIGHLIGHTS = 8;
    public static final int AUTHOR = 128;
    public static final int ISLAND = 64;
    public static final int NAME = 255;
    public static final int PATH = 1024;
    public static final int HINT = 256;
    public static final int AGENT = 64;
    public static final int STAGE = 64;
    public static final int VERDICT_REASON = 512;
    /** What an evaluator says to the next agents: about a thousand tokens. */
    public static final int FEEDBACK = 4000;

    private static final String ELLIPSIS = "…";

    private Limits() {}

    /** Collapses every run of white space, line ends included, to one space and trims. For generated one-line text. */
    public static String oneLine(@Nullable String text) {
        return text == null ? "" : text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    }

    /** Trims, and cuts what is longer than {@code limit} so that the result, ellipsis included, has exactly that length. */
    public static String clamp(String text, int limit) {
        String trimmed = text.strip();
        if (trimmed.length() <= limit) {
            return trimmed;
        }
        return trimmed.substring(0, wholeCharacters(trimmed, limit - 1)) + ELLIPSIS;
    }

    /** Keeps that much of the beginning and of the end, of a text that is longer than both. Cuts no character in two. */
    public static String ends(String text, int head, int tail) {
        if (text.length() <= head + tail) {
            return text;
        }
        int last = text.length() - tail;
        boolean isWithin = last < text.length() && Character.isLowSurrogate(text.charAt(last));
        return "%s %s %s"
                .formatted(
                        text.substring(0, wholeCharacters(text, head)),
                        ELLIPSIS,
                        text.substring(isWithin ? last + 1 : last));
    }

    /** Where to cut at a length, or before it: a character beyond the basic plane is two of Java's. */
    private static int wholeCharacters(String text, int length) {
        return length > 0 && Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    }

    /** Refuses a blank text or one that is too long to be stored. For what a person or a program supplied. */
    public static String requireText(String what, @Nullable String text, int limit) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException(what + " is blank");
        }
        if (text.length() > limit) {
            throw new IllegalArgumentException("%s has %d characters, and at most %d can be stored: '%s'"
                    .formatted(what, text.length(), limit, clamp(text, 60)));
        }
        return text;
    }
}
