package io.loreley.worker;

import io.loreley.agent.Meter;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * What a stage has spent so far, written whole each time something is added, so that a write which is repeated counts
 * nothing twice. A thread of its own writes: whoever watches over an agent's limits does not wait for the database.
 */
final class RunningTab implements Meter, AutoCloseable {

    private final Consumer<List<Usage>> write;
    private final List<Usage> calls = new ArrayList<>();
    private CompletableFuture<?> written = CompletableFuture.completedFuture(true);

    /** @param write is given all calls so far; one at a time */
    RunningTab(Consumer<List<Usage>> write) {
        this.write = write;
    }

    @Override
    public synchronized void spent(Usage usage) {
        calls.add(usage);
        int number = calls.size();
        // What an earlier write could not do, this one makes up for.
        written = written.handleAsync(
                (_, _) -> {
                    writeUnlessOld(number);
                    return true;
                },
                Thread::startVirtualThread);
    }

    /** After an outage only the last of what waited is written. */
    private void writeUnlessOld(int number) {
        List<Usage> now = soFar();
        if (now.size() == number) {
            write.accept(now);
        }
    }

    private synchronized List<Usage> soFar() {
        return List.copyOf(calls);
    }

    private synchronized CompletableFuture<?> last() {
        return written;
    }

    /**
     * Waits until all is written. Who is told to stop meanwhile does not wait: it is written if the database is back soon.
     *
     * @throws LoreleyException if it cannot be written
     */
    @Override
    public void close() {
        try {
            last().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }
}
