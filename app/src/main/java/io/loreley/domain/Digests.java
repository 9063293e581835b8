package io.loreley.domain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, the SHA-1 that git names objects by, and how they are written. */
public final class Digests {

    private Digests() {}

    /** To be fed piece by piece. */
    public static MessageDigest sha256() {
        return digest("SHA-256");
    }

    /** To be fed piece by piece. */
    public static MessageDigest sha1() {
        return digest("SHA-1");
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has " + algorithm, e);
        }
    }

    /** Of the text in UTF-8, as {@link #hex} writes it. */
    public static String sha256(String text) {
        return hex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Two lower-case digits a byte. */
    public static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }
}
