package io.loreley.cli;

import io.loreley.domain.RunEvent;
import io.loreley.domain.RunListener;
import io.loreley.store.DatabaseUnavailableException;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process that lives for days asks the database at every look: while that is away there is no answer, the person who
 * watches is told once, and the next look may have one. For one thread.
 */
final class Outage {

    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    private final RunListener listener;
    private boolean told;

    Outage(RunListener listener) {
        this.listener = listener;
    }

    /** The answer; empty while the database is away. */
    <T> Optional<T> ask(Supplier<T> question) {
        try {
            T answer = question.get();
            if (told) {
                told = false;
                LOG.atInfo().log("database.back");
            }
            return Optional.of(answer);
        } catch (DatabaseUnavailableException e) {
            note(e);
            return Optional.empty();
        }
    }

    /** What was looked for; empty also while the database is away. */
    <T> Optional<T> find(Supplier<Optional<T>> question) {
        return ask(question).orElse(Optional.empty());
    }

    void note(DatabaseUnavailableException away) {
        LOG.atWarn().setCause(away).log("database.away");
        if (!told) {
            told = true;
            listener.on(new RunEvent.Trouble("waiting until the database is back: " + away.getMessage()));
        }
    }
}
