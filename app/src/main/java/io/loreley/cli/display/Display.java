package io.loreley.cli.display;

import io.loreley.scheduler.ExperimentStatus;
import io.loreley.scheduler.RunListener;

/** Shows a run while it happens and what came of it. Used by several threads at once. */
public interface Display extends RunListener, AutoCloseable {

    /** Takes the newest state; called a few times a second at most. */
    void show(ExperimentStatus status);

    /** Shows what came of the run; nothing follows but {@link #close}. */
    void finish(EndReport report);

    /** Leaves the terminal as it was. Safe to call twice. */
    @Override
    void close();
}
