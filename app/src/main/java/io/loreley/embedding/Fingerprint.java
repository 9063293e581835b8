package io.loreley.embedding;

import io.loreley.domain.Digests;
import java.util.Arrays;

/** Names what vectors are made with, so that those which must not be mixed have different names. */
final class Fingerprint {

    private static final int DIGITS = 12;

    private Fingerprint() {}

    /** Readable model and dimensions, and a digest of everything else; at most 160 characters. */
    static String of(Embedder embedder, Object... parts) {
        String all = Arrays.deepToString(parts);
        return "%s/%d@%s"
                .formatted(
                        embedder.model(),
                        embedder.dimensions(),
                        Digests.sha256(all).substring(0, DIGITS));
    }
}
