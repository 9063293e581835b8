package io.loreley.web;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.LoreleyException;
import io.loreley.store.Changes;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells browsers what changed, as server-sent events. One thread asks the database, however many listen; each listener has a
 * short queue, and one that does not keep up misses what it can ask for anyway.
 */
final class EventStreams implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final int MOST_LISTENERS = 1000;
    private static final int QUEUE = 16;
    private static final long POLL_MILLIS = 500;
    /** A comment at least so often, so that nobody between closes the connection, and the dead are noticed. */
    private static final long ALIVE_SECONDS = 5;

    private static final String END = "end";

    private final Pulse pulse;
    private final InstantSource clock;
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private @Nullable Thread poller;

    EventStreams(Pulse pulse, InstantSource clock) {
        this.pulse = pulse;
        this.clock = clock;
    }

    void start() {
        poller = Thread.ofVirtual().name("web-events").start(this::poll);
    }

    private void poll() {
        Map<ExperimentId, Changes.Marker> known = new HashMap<>();
        while (!closed) {
            try {
                for (Listener listener : listeners) {
                    if (!known.containsKey(listener.experiment)) {
                        known.put(listener.experiment, pulse.marker(listener.experiment));
                    }
                }
                known.keySet()
                        .removeIf(
                                experiment -> listeners.stream().noneMatch(each -> each.experiment.equals(experiment)));
                known.replaceAll(this::look);
            } catch (LoreleyException e) {
                // The database is away; viewers see it from their own questions. The next look may find it again.
                LOG.atWarn().setCause(e).log("web.events.failed");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
        }
    }

    private Changes.Marker look(ExperimentId experiment, Changes.Marker before) {
        Changes.Marker now = pulse.marker(experiment);
        if (!now.equals(before)) {
            String data = Documents.line(Map.of(
                    "experiment", experiment,
                    "jobs", !now.jobs().equals(before.jobs()),
                    "archive", !now.archive().equals(before.archive())));
            String event = "event: changed\ndata: " + data + "\n\n";
            listeners.stream()
                    .filter(each -> each.experiment.equals(experiment))
                    .forEach(each -> each.queue.offer(event));
        }
        return now;
    }

    int listening() {
        return listeners.size();
    }

    /** Writes events of an experiment until the listener is gone or the server stops. */
    Reply.Writer of(ExperimentId experiment) {
        if (listeners.size() >= MOST_LISTENERS) {
            throw Problem.unavailable("%d streams are open; no more".formatted(MOST_LISTENERS));
        }
        return out -> listen(experiment, out);
    }

    private void listen(ExperimentId experiment, OutputStream out) throws IOException {
        Listener listener = new Listener(experiment, new ArrayBlockingQueue<>(QUEUE));
        listeners.add(listener);
        try {
            write(out, "retry: 2000\nevent: hello\ndata: " + Documents.line(Map.of("at", clock.instant())) + "\n\n");
            while (!closed) {
                String event = listener.queue.poll(ALIVE_SECONDS, TimeUnit.SECONDS);
                if (END.equals(event)) {
                    return;
                }
                write(out, event == null ? ": alive\n\n" : event);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            listeners.remove(listener);
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(Documents.utf8(text));
        out.flush();
    }

    @Override
    public void close() {
        closed = true;
        Thread running = poller;
        if (running != null) {
            LockSupport.unpark(running);
        }
        listeners.forEach(listener -> {
            listener.queue.clear();
            listener.queue.add(END);
        });
    }

    /** Told apart by identity: two may listen to the same. */
    private static final class Listener {
        private final ExperimentId experiment;
        private final BlockingQueue<String> queue;

        Listener(ExperimentId experiment, BlockingQueue<String> queue) {
            this.experiment = experiment;
            this.queue = queue;
        }
    }
}
