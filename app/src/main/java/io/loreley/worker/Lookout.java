package io.loreley.worker;

import io.loreley.domain.Attempt;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.RunEvent;
import io.loreley.domain.RunListener;
import io.loreley.store.JobQueue;
import io.loreley.store.Workers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks about once a second at what people ordered while jobs are at work: ends the programs of jobs that were taken away,
 * and stops claiming when the worker is to drain; or while the disk is full, since a job that fails for it comes back to
 * the next worker that is free, and the one with the full disk always is. Says on the way that the worker is alive. Ends when it is closed.
 */
public final class Lookout implements Runnable, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Workers register;
    private final String name;
    private final Worker worker;
    private final Programs programs;
    private final JobQueue.Running claims;
    private final FreeSpace disk;
    private final RunListener listener;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean draining;
    private volatile Runnable whenDrained = () -> {};
    private boolean held;

    /** Ends what a thread waits for. */
    @FunctionalInterface
    public interface Programs {
        void interrupt(Thread waiting);
    }

    public Lookout(
            Workers register,
            String name,
            Worker worker,
            Programs programs,
            JobQueue.Running claims,
            FreeSpace disk,
            RunListener listener) {
        this.register = register;
        this.name = name;
        this.worker = worker;
        this.programs = programs;
        this.claims = claims;
        this.disk = disk;
        this.listener = listener;
    }

    @Override
    public void run() {
        try {
            do {
                look();
            } while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A look that fails is not worth a worker; the next may not. */
    private void look() {
        try {
            lookAtDisk();
            if (register.seen(name) && !draining) {
                draining = true;
                LOG.atInfo().addKeyValue("worker", name).log("worker.draining");
                claims.pause();
            }
            Map<Attempt, Thread> atWork = worker.atWork();
            for (Attempt taken : register.takenFrom(name, atWork.keySet())) {
                LOG.atInfo()
                        .addKeyValue("job", taken.job())
                        .addKeyValue("attempt", taken.number())
                        .log("job.taken-away");
                programs.interrupt(Objects.requireNonNull(atWork.get(taken)));
            }
            if (isDrained()) {
                whenDrained.run();
            }
        } catch (LoreleyException e) {
            LOG.atWarn().setCause(e).log("lookout.failed");
        }
    }

    private void lookAtDisk() {
        Optional<Path> full = disk.full();
        if (full.isPresent() && !held) {
            claims.hold();
            LOG.atWarn().addKeyValue("folder", full.get()).log("disk.low");
            listener.on(new RunEvent.Trouble(
                    "the disk of %s is full: no more jobs are taken here until there is room".formatted(full.get())));
        } else if (held && full.isEmpty()) {
            LOG.atInfo().addKeyValue("folders", disk.folders()).log("disk.has-room");
            claims.resume();
        }
        held = full.isPresent();
    }

    /** Says what to do once the worker was told to drain and has nothing left to do; it is done at every look from then on. */
    public void whenDrained(Runnable then) {
        whenDrained = then;
    }

    /** Whether the worker was told to drain, and has nothing left to do. */
    public boolean isDrained() {
        return draining && worker.atWork().isEmpty();
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
