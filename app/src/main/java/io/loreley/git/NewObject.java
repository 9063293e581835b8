package io.loreley.git;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** An object that is to be written into a repository of SHA-1 objects, and the name that git gives it. */
final class NewObject {

    private final Type type;
    private final byte[] content;
    private final String name;

    NewObject(Type type, byte[] content) {
        this.type = type;
        this.content = content.clone();
        MessageDigest sha1 = sha1();
        sha1.update("%s %d\0".formatted(type.word(), content.length).getBytes(StandardCharsets.US_ASCII));
        this.name = HexFormat.of().formatHex(sha1.digest(content));
    }

    enum Type {
        TREE,
        COMMIT;

        /** What git calls it. */
        String word() {
            return this == TREE ? "tree" : "commit";
        }
    }

    Type type() {
        return type;
    }

    byte[] content() {
        return content.clone();
    }

    String name() {
        return name;
    }

    static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
