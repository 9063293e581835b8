package io.loreley.worker;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.git.Hub;
import io.loreley.process.FileTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Stream;

/** The free slots of a worker. The queue never hands out more jobs than there are slots, so taking one does not wait. */
public final class Slots implements AutoCloseable {

    /** The file of a place that says who has it, by its lock, and since when, by its time. */
    private static final String TAKEN = "taken";

    private static final byte[] MARK = {'\n'};

    private final BlockingQueue<Slot> free;
    private final List<FileChannel> taken;

    private Slots(BlockingQueue<Slot> free, List<FileChannel> taken) {
        this.free = free;
        this.taken = taken;
    }

    /**
     * Lays out slots in a folder, in the first places that no other process of this machine has taken. They stay taken
     * until the slots are closed, or the process ends.
     *
     * @param leftOut what is not committed of what an agent leaves, as in {@code .gitignore}
     * @throws LoreleyException of kind STORAGE if the folder cannot be written
     */
    public static Slots in(Path folder, Hub hub, int count, List<String> leftOut) {
        var free = new ArrayBlockingQueue<Slot>(count);
        List<FileChannel> taken = new ArrayList<>();
        for (int i = 0; taken.size() < count; i++) {
            Path slot = folder.resolve("slot-" + i);
            Optional<FileChannel> mine = takePlace(slot);
            if (mine.isPresent()) {
                taken.add(mine.get());
                free.add(new Slot(hub.workTree(slot.resolve("code"), leftOut), hub.workTree(slot.resolve("evaluate"))));
            }
        }
        return new Slots(free, taken);
    }

    /** The lock ends with the process, however it ends. */
    private static Optional<FileChannel> takePlace(Path slot) {
        try {
            Files.createDirectories(slot);
            FileChannel channel =
                    FileChannel.open(slot.resolve(TAKEN), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel)) {
                channel.truncate(0).write(ByteBuffer.wrap(MARK)); // notes when
                return Optional.of(channel);
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE, "the folder %s cannot be written: %s".formatted(slot, e.getMessage()), e);
        }
    }

    /**
     * Deletes the places that nobody has taken for long, of whatever experiment.
     *
     * @param folder holds a folder an experiment, as {@link #in} is given one
     * @return how many there were
     */
    static int removeUnused(Path folder, Instant before) {
        int removed = 0;
        for (Path experiment : folders(folder)) {
            for (Path slot : folders(experiment)) {
                removed += removeUnused(slot, before, takenAt(slot)) ? 1 : 0;
            }
        }
        return removed;
    }

    private static boolean removeUnused(Path slot, Instant before, Optional<Instant> lastTaken) {
        if (lastTaken.isEmpty() || !lastTaken.get().isBefore(before)) {
            return false;
        }
        Optional<FileChannel> mine = takePlace(slot);
        if (mine.isEmpty()) {
            return false;
        }
        try (FileChannel _ = mine.get()) {
            FileTree.delete(slot);
            return true;
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE, "the work tree %s cannot be deleted: %s".formatted(slot, e.getMessage()), e);
        }
    }

    private static Optional<Instant> takenAt(Path slot) {
        try {
            return Optional.of(Files.getLastModifiedTime(slot.resolve(TAKEN)).toInstant());
        } catch (IOException e) {
            return Optional.empty(); // not a place of ours, or gone meanwhile
        }
    }

    private static List<Path> folders(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE, "the folder %s cannot be read: %s".formatted(parent, e.getMessage()), e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // taken in this very process
        }
    }

    Slot take() throws InterruptedException {
        return free.take();
    }

    void giveBack(Slot slot) {
        free.add(slot);
    }

    /** Lets others have the places. Nothing may be at work there any more. */
    @Override
    public void close() {
        for (FileChannel place : taken) {
            try {
                place.close();
            } catch (IOException e) {
                throw new LoreleyException(FailureKind.STORAGE, "a lock cannot be let go: " + e.getMessage(), e);
            }
        }
    }
}
