package io.loreley.evaluation.report;

import io.loreley.contract.Role;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** A file that a program left where it may have left anything. */
final class ForeignFile {

    /** The report of ten thousand tests, or of a benchmark with its raw data. */
    private static final int LIMIT = 16 << 20;

    private ForeignFile() {}

    /**
     * Reads it whole.
     *
     * @throws IllegalArgumentException if there is no such file, if it is none, or if it is too large
     */
    static byte[] read(Path file) {
        String name = file.getFileName().toString();
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalArgumentException("left no report %s".formatted(name));
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalArgumentException("made %s something else than a file".formatted(name));
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = in.readNBytes(LIMIT + 1);
            if (content.length > LIMIT) {
                throw new IllegalArgumentException("wrote %s with more than %,d bytes".formatted(name, LIMIT));
            }
            return content;
        } catch (IOException e) {
            throw Role.EVALUATOR.unreadable("left %s unreadable: %s".formatted(name, e.getMessage()), e);
        }
    }
}
