package io.loreley.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/**
 * A trusted program that answers for a long time over its standard streams; its standard error is discarded. Whoever
 * talks to it does so from one thread at a time, and closes it.
 */
public final class LongLived implements AutoCloseable {

    /** How long it may need to end by itself when its input ends. */
    private static final long FAREWELL_MS = 500;

    private final Process process;
    private final ProcessGroup group;
    private final Runnable forget;

    LongLived(Process process, ProcessGroup group, Runnable forget) {
        this.process = process;
        this.group = group;
        this.forget = forget;
    }

    /** What it reads. Buffered: flush before waiting for an answer. */
    public OutputStream input() {
        return process.getOutputStream();
    }

    /** What it says. */
    public InputStream output() {
        return process.getInputStream();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends its input, gives it a moment, and kills what is left. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has gone before us, which is what we want of it.
        }
        try {
            process.waitFor(FAREWELL_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            group.kill();
            forget.run();
        }
    }
}
