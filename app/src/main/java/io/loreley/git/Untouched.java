package io.loreley.git;

import io.loreley.domain.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;

/**
 * Files of a work tree that are byte for byte what was checked out, and yet became other blobs: where attributes such as
 * {@code text} ask for a conversion that the blob never went through, as one with CRLF, git converts it when it is added.
 */
final class Untouched {

    /** The length of a SHA-1 in hexadecimal digits. */
    private static final int SHA_1 = 40;

    private Untouched() {}

    /** Those changes behind which nobody is but git. */
    static List<TreeChange> among(List<TreeChange> changes, Path tree) {
        return changes.stream()
                .filter(change -> change.oldMode().isFile() && change.newMode().isFile())
                .filter(change -> !change.oldBlob().equals(change.newBlob()))
                .filter(change -> isBlob(tree, change.path(), change.oldBlob()))
                .toList();
    }

    private static boolean isBlob(Path tree, String path, String blob) {
        MessageDigest digest = blob.length() == SHA_1 ? Digests.sha1() : Digests.sha256();
        try (InputStream file = Files.newInputStream(tree.resolve(path), LinkOption.NOFOLLOW_LINKS)) {
            digest.update("blob %d\0".formatted(Files.size(tree.resolve(path))).getBytes(StandardCharsets.US_ASCII));
            new DigestInputStream(file, digest).transferTo(OutputStream.nullOutputStream());
            return Digests.hex(digest.digest()).equals(blob);
        } catch (IOException | InvalidPathException e) {
            return false; // git could read it, and its change stands
        }
    }
}
