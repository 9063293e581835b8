package io.loreley.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What was opened, and is closed together, the last first. Safe for many threads; what comes too late is closed at once. */
final class Scope implements AutoCloseable {

    private final Deque<Runnable> closings = new ArrayDeque<>();
    private boolean closed;

    void onClose(Runnable closing) {
        synchronized (this) {
            if (!closed) {
                closings.push(closing);
                return;
            }
        }
        closing.run();
    }

    @Override
    public void close() {
        for (Runnable last = next(); last != null; last = next()) {
            last.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        closed = true;
        return closings.poll();
    }
}
