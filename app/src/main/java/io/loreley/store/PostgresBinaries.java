package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The programs of PostgreSQL, unpacked once from the archive on the class path. */
final class PostgresBinaries {

    private final Path parent;

    PostgresBinaries(Path parent) {
        this.parent = parent;
    }

    Path program(String name) {
        return folder().resolve("bin").resolve(name);
    }

    /** Whether a process of any server of this folder is alive, its children included. */
    boolean areRunning() {
        String prefix = real(parent) + "/server-";
        return ProcessHandle.allProcesses()
                .anyMatch(process -> process.info()
                        .command()
                        .filter(command -> command.startsWith(prefix))
                        .isPresent());
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    /** Unpacks to a folder beside and moves it into place, so that what is there is whole. */
    void unpack() {
        Path folder = folder();
        if (Files.isDirectory(folder)) {
            return;
        }
        Path unfinished = parent.resolve("unpacking");
        try {
            Files.createDirectories(parent);
            Folders.delete(unfinished);
            Files.createDirectory(unfinished);
            unpackTo(unfinished);
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            var failure = new LoreleyException(
                    FailureKind.STORAGE,
                    "cannot unpack PostgreSQL to %s, which takes 60 MB: %s. Free some space or make the folder writable, or set LORELEY_HOME to another."
                            .formatted(folder, e.getMessage()),
                    e);
            discard(unfinished, failure);
            throw failure;
        }
    }

    /** A full disk is not left full. */
    private static void discard(Path unfinished, LoreleyException failure) {
        try {
            Folders.delete(unfinished);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void unpackTo(Path root) throws IOException {
        try (InputStream resource = new BufferedInputStream(archive().openStream());
                var tar = new TarArchiveInputStream(new XZCompressorInputStream(resource))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(entry, tar, root);
            }
        }
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path root) throws IOException {
        Path target = root.resolve(entry.getName()).normalize();
        if (!target.startsWith(root)) {
            throw new IOException("the archive names a file outside of itself: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
        } else if (entry.isSymbolicLink()) {
            Files.createDirectories(target.resolveSibling("."));
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.createDirectories(target.resolveSibling("."));
            Files.copy(content, target);
            boolean executable = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    /** Another archive is another folder. */
    private Path folder() {
        try {
            URLConnection connection = archive().openConnection();
            return parent.resolve("server-" + connection.getContentLengthLong());
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot read the PostgreSQL that Loreley brings", e);
        }
    }

    private static URL archive() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        URL archive = PostgresBinaries.class.getResource("/postgres-%s-%s.txz".formatted(system, machine));
        if (archive == null) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "Loreley brings no PostgreSQL for %s on %s. Set DATABASE_URL to a PostgreSQL 15 or newer."
                            .formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
        }
        return archive;
    }
}
