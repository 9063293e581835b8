package io.loreley.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders for the temporary files of commands, in the system's own. Those of one owner lie in a folder that bears its name,
 * so that somebody can tell later whether they are still of use. Paths are short, because sockets lie there. Safe for many
 * threads.
 */
final class TemporaryFolders {

    private static final Logger LOG = LoggerFactory.getLogger(TemporaryFolders.class);
    static final Path SYSTEM = Path.of(System.getProperty("java.io.tmpdir"));
    private static final String PREFIX = "loreley-";
    /** A colon in TMPDIR would end a path in the lists that some programs make of it. */
    private static final char COLON = '+';
    /** Ends the owner's name; behind it stands a number, because a process may own several. */
    private static final char END = '~';

    private static final AtomicInteger NEXT = new AtomicInteger();

    private final Path home;
    private boolean isThere;
    private int made;
    private int used;

    TemporaryFolders(String owner) {
        home = SYSTEM.resolve(PREFIX + owner.replace(':', COLON) + END + NEXT.getAndIncrement());
    }

    /** Makes a new one, which only this user can enter. */
    synchronized Path make() throws IOException {
        if (!isThere) {
            // Refused if somebody else made it first.
            Files.createDirectory(
                    home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            isThere = true;
        }
        Path folder = Files.createDirectory(home.resolve(Integer.toString(made)));
        made++;
        used++;
        return folder;
    }

    /** Deletes one, and what a program left there, as far as it can be. */
    void discard(Path folder) {
        delete(folder);
        synchronized (this) {
            used--;
            if (used == 0) {
                isThere = !delete(home);
            }
        }
    }

    private static boolean delete(Path folder) {
        try {
            FileTree.delete(folder);
            return true;
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("folder", folder).setCause(e).log("process.leftovers");
            return false;
        }
    }

    /** Deletes those of owners that are gone, and returns of how many. */
    static int sweep(Predicate<String> isGone) {
        int swept = 0;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(SYSTEM, PREFIX + "*")) {
            for (Path folder : folders) {
                String name = folder.getFileName().toString();
                int end = name.lastIndexOf(END);
                if (end > 0
                        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                        && isGone.test(name.substring(PREFIX.length(), end).replace(COLON, ':'))) {
                    swept += delete(folder) ? 1 : 0;
                }
            }
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("folder", SYSTEM).setCause(e).log("process.leftovers");
        }
        return swept;
    }
}
