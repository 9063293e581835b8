package io.loreley.process;

import java.io.InputStream;
import java.io.OutputStream;

/** A program that answers on its pipes until it is closed. For one thread at a time. */
public final class LongLived implements AutoCloseable {

    private final Process process;
    private final Runnable onClose;

    LongLived(Process process, Runnable onClose) {
        this.process = process;
        this.onClose = onClose;
    }

    /** What it reads. Buffer it. */
    public OutputStream stdin() {
        return process.getOutputStream();
    }

    /** What it answers. Buffer it. */
    public InputStream stdout() {
        return process.getInputStream();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            Signals.toGroup(process.pid(), Signals.KILL);
        }
        onClose.run();
    }
}
