package io.loreley.embedding;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Names what vectors are made with, so that those which must not be mixed have different names. */
final class Fingerprint {

    private static final int DIGITS = 12;

    private Fingerprint() {}

    /** Readable model and dimensions, and a digest of everything else; at most 160 characters. */
    static String of(Embedder embedder, Object... parts) {
        String all = Arrays.deepToString(parts);
        return "%s/%d@%s"
                .formatted(embedder.model(), embedder.dimensions(), sha256(all).substring(0, DIGITS));
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
