package io.loreley.domain;

/** The full name of a Git commit: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits. */
public record CommitHash(String value) {

    private static final int SHORT_LENGTH = 12;
    private static final int SHA1_LENGTH = 40;
    private static final int SHA256_LENGTH = 64;

    public CommitHash {
        if (!isFull(value)) {
            throw new IllegalArgumentException("not a full commit hash: '%s'".formatted(value));
        }
    }

    /** The first twelve digits, for people. */
    public String abbreviated() {
        return value.substring(0, SHORT_LENGTH);
    }

    /** Whether its repository names objects by SHA-1. */
    public boolean isSha1() {
        return value.length() == SHA1_LENGTH;
    }

    private static boolean isFull(String text) {
        return (text.length() == SHA1_LENGTH || text.length() == SHA256_LENGTH)
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    @Override
    public String toString() {
        return value;
    }
}
