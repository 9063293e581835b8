package io.loreley.process;

import java.util.regex.Pattern;

/** Hides secrets in text that people, logs or the database will see. It knows shapes, not values: a safety net. */
public final class Credentials {

    private static final String HIDDEN = "***";

    /** {@code scheme://user:password@host}, and the token alone as https hosts accept it; {@code ssh://git@host} stays. */
    private static final Pattern URL_PASSWORD =
            Pattern.compile("(?i)\\b([a-z][a-z0-9+.-]{0,20}://)[^\\s/@:'\"]{0,255}:[^\\s/'\"]{1,1024}@");

    private static final Pattern URL_TOKEN = Pattern.compile("(?i)\\b(https?://)[^\\s/@'\"]{1,1024}@");

    private static final Pattern AUTHORIZATION =
            Pattern.compile("(?i)\\b(bearer|basic)(\\s+)[A-Za-z0-9._~+/=-]{8,4096}");

    private static final Pattern ASSIGNMENT = Pattern.compile(
            "(?i)\\b([a-z0-9_-]{0,64}(?:api[_-]?key|token|secret|password|passwd)=)(['\"]?)[^\\s&'\"]{1,4096}");

    private static final Pattern TOKEN = Pattern.compile("\\b(?:sk-[A-Za-z0-9_-]{16,}+"
            + "|gh[opusr]_[A-Za-z0-9]{20,}+|github_pat_[A-Za-z0-9_]{20,}+|glpat-[A-Za-z0-9_-]{16,}+"
            + "|xox[abeprs]-[A-Za-z0-9-]{10,}+|hf_[A-Za-z0-9]{20,}+|A[KS]IA[0-9A-Z]{16}|[rs]k_live_[A-Za-z0-9]{16,}+|AIza[0-9A-Za-z_-]{30,}+"
            + "|eyJ[A-Za-z0-9_-]{10,}+\\.[A-Za-z0-9_-]{10,}+\\.[A-Za-z0-9_-]*+)");

    private static final Pattern PRIVATE_KEY = Pattern.compile(
            "-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[A-Za-z0-9+/=\\s]*+(?:-----END [A-Z ]{0,40}-----)?");

    private Credentials() {}

    public static String mask(String text) {
        String masked = URL_PASSWORD.matcher(text).replaceAll("$1" + HIDDEN + "@");
        masked = URL_TOKEN.matcher(masked).replaceAll("$1" + HIDDEN + "@");
        masked = AUTHORIZATION.matcher(masked).replaceAll("$1$2" + HIDDEN);
        masked = ASSIGNMENT.matcher(masked).replaceAll("$1$2" + HIDDEN);
        masked = TOKEN.matcher(masked).replaceAll(HIDDEN);
        return PRIVATE_KEY.matcher(masked).replaceAll(HIDDEN);
    }
}
