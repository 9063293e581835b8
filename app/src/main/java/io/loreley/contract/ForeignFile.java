package io.loreley.contract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** A file that a program left where it may have left anything. */
public final class ForeignFile {

    private ForeignFile() {}

    /**
     * Reads it whole, and follows no link.
     *
     * @param role who left it
     * @return empty if there is none
     * @throws io.loreley.domain.LoreleyException that the role's output is unreadable, if it is no file, or larger than that
     */
    public static Optional<byte[]> read(Path file, int limit, Role role) {
        String name = file.getFileName().toString();
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw role.unreadable("made %s something else than a file".formatted(name), null);
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = in.readNBytes(limit + 1);
            if (content.length > limit) {
                throw role.unreadable("wrote %s with more than %,d bytes".formatted(name, limit), null);
            }
            return Optional.of(content);
        } catch (IOException e) {
            throw role.unreadable("left %s unreadable: %s".formatted(name, e.getMessage()), e);
        }
    }
}
