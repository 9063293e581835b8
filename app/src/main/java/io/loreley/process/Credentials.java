package io.loreley.process;

import java.util.regex.Pattern;

/** Hides secrets in text that people or logs will see. */
public final class Credentials {

    private static final Pattern URL_USER_INFO = Pattern.compile("(?<=://)[^/@\\s]+(?=@)");
    private static final Pattern TOKEN = Pattern.compile(
            "\\b(sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|AKIA[A-Z0-9]{16}|xox[abpr]-[A-Za-z0-9-]{10,})");

    private Credentials() {}

    /** Replaces the user part of URLs and tokens of well-known shapes by asterisks. */
    public static String mask(String text) {
        return TOKEN.matcher(URL_USER_INFO.matcher(text).replaceAll("***")).replaceAll("***");
    }
}
