package io.loreley.cli;

import io.loreley.domain.RunEvent;
import io.loreley.domain.RunListener;
import java.util.function.BooleanSupplier;

/** Whether a search is paused, as its scheduler asks; who watches is told when that changes. One thread asks. */
final class PauseWatch implements BooleanSupplier {

    private final BooleanSupplier question;
    private final RunListener listener;
    private boolean paused;

    PauseWatch(BooleanSupplier question, RunListener listener) {
        this.question = question;
        this.listener = listener;
    }

    @Override
    public boolean getAsBoolean() {
        boolean now = question.getAsBoolean();
        if (now != paused) {
            paused = now;
            listener.on(now ? new RunEvent.Paused() : new RunEvent.Resumed());
        }
        return now;
    }
}
