package io.loreley.cli.display;

import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.RunListener;
import java.util.function.Supplier;

/** Shows a run while it happens and what came of it. Used by several threads at once. */
public interface Display extends RunListener, AutoCloseable {

    /** Takes the goal of the experiment that is opened, which may not be that of the project's file. */
    default void about(String goal) {}

    /**
     * Takes the newest state, if it shows any; called a few times a second at most.
     *
     * @param newest asks the database, so that whoever shows none does not ask
     */
    default void show(Supplier<ExperimentStatus> newest) {}

    /** Shows what came of the run; nothing follows but {@link #close}. */
    void finish(EndReport report);

    /** Leaves the terminal as it was. Safe to call twice. */
    @Override
    void close();
}
