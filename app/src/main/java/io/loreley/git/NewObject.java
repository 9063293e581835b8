package io.loreley.git;

import io.loreley.domain.Digests;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** An object that is to be written into a repository of SHA-1 objects, and the name that git gives it. */
final class NewObject {

    private final Type type;
    private final byte[] content;
    private final String name;

    NewObject(Type type, byte[] content) {
        this.type = type;
        this.content = content.clone();
        MessageDigest sha1 = Digests.sha1();
        sha1.update("%s %d\0".formatted(type.word(), content.length).getBytes(StandardCharsets.US_ASCII));
        this.name = Digests.hex(sha1.digest(content));
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
}
