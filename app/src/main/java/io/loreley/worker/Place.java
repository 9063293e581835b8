package io.loreley.worker;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder that this process has to itself among those of its machine, until it gives it back or ends, however it ends.
 *
 * <p>A process that opens the file of a lock which it holds, and closes it again, has lost the lock: so the kernel counts. What this
 * process holds is therefore never opened a second time.
 */
final class Place implements AutoCloseable {

    /** The file that says who has the place, by its lock, and since when, by its time. */
    private static final String TAKEN = "taken";

    private static final byte[] MARK = {'\n'};

    /** As wide as the locks are: the process. */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel lock;

    private Place(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Takes a folder, which is made if it is missing.
     *
     * @return empty if somebody has it, in this process or another
     * @throws LoreleyException of kind STORAGE if the folder cannot be written
     */
    static Optional<Place> take(Path wanted) {
        Path folder = wanted.toAbsolutePath().normalize();
        if (!OURS.add(folder)) {
            return Optional.empty();
        }
        FileChannel lock = null;
        boolean isTaken = false;
        try {
            Files.createDirectories(folder);
            lock = FileChannel.open(folder.resolve(TAKEN), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock.tryLock() == null) {
                return Optional.empty();
            }
            lock.truncate(0).write(ByteBuffer.wrap(MARK)); // notes when
            isTaken = true;
            return Optional.of(new Place(folder, lock));
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE, "the folder %s cannot be written: %s".formatted(folder, e.getMessage()), e);
        } finally {
            if (!isTaken) {
                release(folder, lock);
            }
        }
    }

    /** When a folder was last taken; empty if it is no place, or gone. */
    static Optional<Instant> takenAt(Path folder) {
        try {
            return Optional.of(Files.getLastModifiedTime(folder.resolve(TAKEN)).toInstant());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Lets others have it. Nothing may be at work there any more. */
    @Override
    public void close() {
        release(folder, lock);
    }

    private static void release(Path folder, @Nullable FileChannel lock) {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "a lock cannot be let go: " + e.getMessage(), e);
        } finally {
            OURS.remove(folder);
        }
    }
}
