package io.loreley.cli;

import io.loreley.domain.CommitHash;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.RunEvent;
import io.loreley.domain.RunListener;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the user's best branch at the best commit while the search goes on, beside the scheduler's thread: a slow
 * repository delays no tick. Only the newest best is published; with a hold-out, the newest that passes. A branch that
 * cannot be written is told at the end of the run; here it is only logged. Safe for many threads.
 */
final class BestBranch implements RunListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BestBranch.class);

    private final RunListener listener;
    private final Consumer<CommitHash> publish;
    private final boolean awaitsHoldout;
    private final AtomicReference<@Nullable CommitHash> newest = new AtomicReference<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("best-branch").factory());

    /** @param listener is told everything first */
    BestBranch(RunListener listener, boolean awaitsHoldout, Consumer<CommitHash> publish) {
        this.listener = listener;
        this.awaitsHoldout = awaitsHoldout;
        this.publish = publish;
    }

    @Override
    public void on(RunEvent event) {
        listener.on(event);
        CommitHash found = found(event);
        if (found != null && newest.getAndSet(found) == null) {
            thread.execute(this::publishNewest);
        }
    }

    private @Nullable CommitHash found(RunEvent event) {
        return switch (event) {
            case RunEvent.BestImproved improved when !awaitsHoldout -> improved.commit();
            case RunEvent.HeldOut(var commit, var reason) when reason == null -> commit;
            default -> null;
        };
    }

    private void publishNewest() {
        CommitHash commit = newest.getAndSet(null);
        if (commit == null) {
            return;
        }
        try {
            publish.accept(commit);
        } catch (LoreleyException e) {
            LOG.atWarn().addKeyValue("commit", commit).setCause(e).log("publish.failed");
        }
    }

    /** Waits for what is being published. */
    @Override
    public void close() {
        thread.close();
    }
}
