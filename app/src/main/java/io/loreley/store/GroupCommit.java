package io.loreley.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes of many threads in few transactions: whoever finds nobody writing writes for all who wait by then (flat combining:
 * Hendler, Incze, Shavit, Tzafrir, SPAA 2010). A write that comes alone is written alone, at once. Where several fail together
 * each is tried alone, so that what the database refuses of one fails no other. Safe for many threads.
 *
 * @param <R> what is to be written
 * @param <A> what is said of it
 */
final class GroupCommit<R, A> {

    private final Function<List<R>, List<A>> transaction;
    private final ReentrantLock writer = new ReentrantLock();
    private final Queue<Write<R, A>> waiting = new ConcurrentLinkedQueue<>();

    /** @param transaction writes all in one transaction, or throws and writes none; its answers are in the order of the requests */
    GroupCommit(Function<List<R>, List<A>> transaction) {
        this.transaction = transaction;
    }

    /** Returns once it is committed; throws what its transaction threw. */
    @SuppressWarnings("ThreadPriorityCheck") // no more than the size of a group depends on it
    A write(R request) {
        Write<R, A> mine = new Write<>(request);
        waiting.add(mine);
        writer.lock();
        try {
            if (!mine.isTaken) {
                Thread.yield(); // to those who are about to come
                settle(takeAll());
            }
        } finally {
            writer.unlock();
        }
        return mine.answer != null ? mine.answer : alone(mine);
    }

    private List<Write<R, A>> takeAll() {
        List<Write<R, A>> all = new ArrayList<>();
        for (Write<R, A> next = waiting.poll(); next != null; next = waiting.poll()) {
            next.isTaken = true;
            all.add(next);
        }
        return all;
    }

    private void settle(List<Write<R, A>> writes) {
        if (writes.size() == 1) {
            writes.getFirst().answer = alone(writes.getFirst());
            return;
        }
        List<A> answers;
        try {
            answers = transaction.apply(
                    writes.stream().map(write -> write.request).toList());
        } catch (RuntimeException e) {
            return; // without an answer: each thread tries its own, and hears what is wrong with it
        }
        for (int i = 0; i < writes.size(); i++) {
            writes.get(i).answer = answers.get(i);
        }
    }

    private A alone(Write<R, A> write) {
        return transaction.apply(List.of(write.request)).getFirst();
    }

    /** Its fields are the writer's while it holds the lock. */
    private static final class Write<R, A> {

        final R request;
        boolean isTaken;

        @Nullable
        A answer;

        Write(R request) {
            this.request = request;
        }
    }
}
