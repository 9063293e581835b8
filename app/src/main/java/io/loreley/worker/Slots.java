package io.loreley.worker;

import io.loreley.git.Hub;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** The free slots of a worker. The queue never hands out more jobs than there are slots, so taking one does not wait. */
public final class Slots {

    private final BlockingQueue<Slot> free;

    private Slots(BlockingQueue<Slot> free) {
        this.free = free;
    }

    /**
     * Lays out slots in a folder that no other worker uses.
     *
     * @param leftOut what is not committed of what an agent leaves, as in {@code .gitignore}
     */
    public static Slots in(Path folder, Hub hub, int count, List<String> leftOut) {
        var free = new ArrayBlockingQueue<Slot>(count);
        for (int i = 0; i < count; i++) {
            Path slot = folder.resolve("slot-" + i);
            free.add(new Slot(hub.workTree(slot.resolve("code"), leftOut), hub.workTree(slot.resolve("evaluate"))));
        }
        return new Slots(free);
    }

    Slot take() throws InterruptedException {
        return free.take();
    }

    void giveBack(Slot slot) {
        free.add(slot);
    }
}
