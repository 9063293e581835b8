package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The random password of the embedded server, in a file that only its owner can read. */
record PasswordFile(Path folder) {

    static final String USER = "loreley";

    private static final int RANDOM_BYTES = 24;

    Path create() throws IOException {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        Path file = file();
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, HexFormat.of().formatHex(random));
    }

    String read() throws IOException {
        try {
            return Files.readString(file()).strip();
        } catch (NoSuchFileException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE,
                    "%s, the password of the embedded PostgreSQL, is missing. Put it back from a copy, or move %s away to begin anew."
                            .formatted(file(), folder),
                    e);
        }
    }

    private Path file() {
        return folder.resolve("password");
    }
}
