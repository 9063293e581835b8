package io.loreley.worker;

import io.loreley.domain.JobId;
import io.loreley.domain.LoreleyException;
import io.loreley.store.Workers;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks about once a second at what people ordered while jobs are at work: ends the programs of jobs that were taken away,
 * and stops claiming when the worker is to drain. Says on the way that the worker is alive. Ends when it is closed.
 */
public final class Lookout implements Runnable, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Workers register;
    private final String name;
    private final Worker worker;
    private final Programs programs;
    private final Runnable drain;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean draining;

    /** Ends what a thread waits for. */
    @FunctionalInterface
    public interface Programs {
        void interrupt(Thread waiting);
    }

    /** @param drain stops claiming, once */
    public Lookout(Workers register, String name, Worker worker, Programs programs, Runnable drain) {
        this.register = register;
        this.name = name;
        this.worker = worker;
        this.programs = programs;
        this.drain = drain;
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
            if (register.seen(name) && !draining) {
                draining = true;
                LOG.atInfo().addKeyValue("worker", name).log("worker.draining");
                drain.run();
            }
            Map<JobId, Thread> atWork = worker.atWork();
            for (JobId job : register.takenFrom(name, atWork.keySet())) {
                LOG.atInfo().addKeyValue("job", job).log("job.taken-away");
                programs.interrupt(Objects.requireNonNull(atWork.get(job)));
            }
        } catch (LoreleyException e) {
            LOG.atWarn().setCause(e).log("lookout.failed");
        }
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
