package io.loreley.worker;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.git.Hub;
import io.loreley.process.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Stream;

/** The free slots of a worker. The queue never hands out more jobs than there are slots, so taking one does not wait. */
public final class Slots implements AutoCloseable {

    private final BlockingQueue<Slot> free;
    private final List<Place> places;

    private Slots(BlockingQueue<Slot> free, List<Place> places) {
        this.free = free;
        this.places = places;
    }

    /**
     * Lays out slots in a folder, in the first places that nobody else on this machine has taken. They stay taken
     * until the slots are closed, or the process ends.
     *
     * @param leftOut what is not committed of what an agent leaves, as in {@code .gitignore}
     * @throws LoreleyException of kind STORAGE if the folder cannot be written
     */
    public static Slots in(Path folder, Hub hub, int count, List<String> leftOut) {
        var free = new ArrayBlockingQueue<Slot>(count);
        List<Place> places = new ArrayList<>();
        for (int i = 0; places.size() < count; i++) {
            Path slot = folder.resolve("slot-" + i);
            Optional<Place> mine = Place.take(slot);
            if (mine.isPresent()) {
                places.add(mine.get());
                free.add(new Slot(hub.workTree(slot.resolve("code"), leftOut), hub.workTree(slot.resolve("evaluate"))));
            }
        }
        return new Slots(free, places);
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
                boolean isOld = Place.takenAt(slot).filter(before::isAfter).isPresent();
                removed += isOld && tryRemove(slot) ? 1 : 0;
            }
        }
        return removed;
    }

    private static boolean tryRemove(Path slot) {
        Optional<Place> mine = Place.take(slot);
        if (mine.isEmpty()) {
            return false;
        }
        try (Place _ = mine.get()) {
            FileTree.delete(slot);
            return true;
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE, "the work tree %s cannot be deleted: %s".formatted(slot, e.getMessage()), e);
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

    Slot take() throws InterruptedException {
        return free.take();
    }

    void giveBack(Slot slot) {
        free.add(slot);
    }

    /** Lets others have the places. Nothing may be at work there any more. */
    @Override
    public void close() {
        places.forEach(Place::close);
    }
}
