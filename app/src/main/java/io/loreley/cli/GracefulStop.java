package io.loreley.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and a polite kill into a stop that the run hears: the first is a request, after which jobs have their soft
 * limit; the second hurries, and what has not ended ten seconds later ends with the process. Where signals cannot be heard
 * one by one, the process is held open for ten seconds after the first. May be requested and listened to by any thread.
 */
final class GracefulStop implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 10;

    private final List<Runnable> actions = new ArrayList<>();
    private final List<Runnable> urgent = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::requestAndWait, "graceful-stop");
    private final Runnable lastAction;
    private Optional<Signals> signals = Optional.empty();
    private boolean requested;
    private boolean hurried;

    /**
     * Nobody requests it yet.
     *
     * @param lastAction what must happen even if the run does not end in time
     */
    GracefulStop(Runnable lastAction) {
        this.lastAction = lastAction;
    }

    /** Listens to the signals of this process until it is closed. */
    static GracefulStop onSignals(Runnable lastAction) {
        GracefulStop stop = new GracefulStop(lastAction);
        Runtime.getRuntime().addShutdownHook(stop.hook);
        stop.signals = Signals.listen(stop::signal);
        return stop;
    }

    /** Runs the action when a stop is requested; at once if it was. The action must return soon. */
    void whenRequested(Runnable action) {
        synchronized (this) {
            if (!requested) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    /** Requests the stop. Only the first request counts. */
    void request() {
        List<Runnable> due;
        synchronized (this) {
            requested = true;
            due = List.copyOf(actions);
            actions.clear();
        }
        due.forEach(Runnable::run);
    }

    /** Runs the action when a second signal asks to end at once. The action must return soon. */
    synchronized void whenHurried(Runnable action) {
        urgent.add(action);
    }

    /** A signal came. */
    void signal() {
        List<Runnable> due;
        synchronized (this) {
            if (hurried) {
                return;
            }
            hurried = requested;
            due = hurried ? List.copyOf(urgent) : List.of();
        }
        if (isHurried()) {
            Thread.ofPlatform().name("hurry").daemon().start(this::endSoon);
        }
        due.forEach(Runnable::run);
        request();
    }

    private synchronized boolean isHurried() {
        return hurried;
    }

    private void endSoon() {
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                lastAction.run();
                Runtime.getRuntime().halt(Failures.INTERRUPTED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized boolean isRequested() {
        return requested;
    }

    /** The run has ended and said its last words. */
    @Override
    public void close() {
        ended.countDown();
        signals.ifPresent(Signals::close);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            request(); // the process is ending already, whether or not the hook has come so far
        }
    }

    private void requestAndWait() {
        request();
        try {
            var _ = ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lastAction.run();
    }
}
