package io.loreley.cli.display;

import io.loreley.domain.ExperimentStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be seen of an experiment from afar.
 *
 * @param server the address that it was asked of
 */
public record Overview(
        ExperimentStatus status, String goal, State state, List<Running> running, List<Worker> workers, String server) {

    public Overview {
        running = List.copyOf(running);
        workers = List.copyOf(workers);
    }

    /** What the search does. */
    public enum State {
        RUNNING(Style.GREEN),
        PAUSED(Style.YELLOW),
        /** Nobody works on it. */
        IDLE(Style.DIM);

        final Style style;

        State(Style style) {
            this.style = style;
        }
    }

    /**
     * A job at work.
     *
     * @param base the commit it builds on
     * @param since when its attempt began
     */
    public record Running(
            String name,
            String stage,
            String base,
            String worker,
            @Nullable Instant since) {}

    /** A process that works on jobs. */
    public record Worker(String name, int slots, String state) {}
}
