package io.loreley.cli;

import io.loreley.cli.display.Display;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.RunEvent;
import io.loreley.store.Database;
import io.loreley.store.Jobs;
import io.loreley.store.SentProjects;
import io.loreley.worker.Janitor;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker process does: works on one experiment until it is told to stop or drained, or on one after the other, always
 * the one with the most jobs waiting among those that its labels allow.
 */
final class Labour {

    private static final Logger LOG = LoggerFactory.getLogger(Labour.class);

    /** How often a worker without work looks for some. */
    private static final Duration LOOK = Duration.ofSeconds(2);
    /** How long an experiment may have nothing to do before its workers look elsewhere; opening another takes seconds. */
    private static final Duration IDLE = Duration.ofSeconds(20);

    private final Wiring wiring;
    private final MachineSettings machine;
    private final Display display;
    private final CountDownLatch asked = new CountDownLatch(1);

    Labour(Wiring wiring, MachineSettings machine, Display display, GracefulStop stop) {
        this.wiring = wiring;
        this.machine = machine;
        this.display = display;
        stop.whenRequested(asked::countDown);
        stop.whenHurried(wiring.programs()::close);
    }

    /** Works on one until asked to stop, or drained. */
    void on(Wiring.Opened opened) throws InterruptedException {
        on(opened, Optional::empty);
    }

    void onNamed(String experiment, Map<String, String> environment) throws InterruptedException {
        Database database = wiring.database();
        ExperimentId id = new SentProjects(database).named(experiment);
        on(wiring.attach(database, id, environment));
    }

    void onWhateverWaits(Map<String, String> environment) throws InterruptedException {
        Database database = wiring.database();
        SentProjects sent = new SentProjects(database);
        var _ = wiring.observed(database, display); // well while it waits, too
        while (!asked.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            Optional<ExperimentId> next = waiting(sent);
            if (next.isPresent()) {
                LOG.atInfo().addKeyValue("experiment", next.get()).log("worker.attached");
                boolean goOn = on(wiring.attach(database, next.get(), environment), () -> waiting(sent));
                if (!goOn) {
                    return;
                }
            }
        }
    }

    private Optional<ExperimentId> waiting(SentProjects sent) {
        return sent.waiting(machine.membership().labels(), Version.current());
    }

    private interface Elsewhere {
        Optional<ExperimentId> waiting();
    }

    /** Answers whether to look for other work. */
    private boolean on(Wiring.Opened opened, Elsewhere elsewhere) throws InterruptedException {
        opened.project().settings().requireLabels(machine.membership().labels());
        Assembly parts = new Assembly(wiring, opened, wiring.observed(opened.database(), display));
        try (Crew crew = parts.startWorkers();
                Janitor _ = parts.startJanitor()) {
            long lastBusy = System.nanoTime();
            while (!asked.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                if (crew.isDrained()) {
                    display.on(new RunEvent.Stopping("drained"));
                    return false;
                }
                if (!isIdle(parts.jobs(), opened.id())) {
                    lastBusy = System.nanoTime();
                } else if (System.nanoTime() - lastBusy > IDLE.toNanos()
                        && elsewhere
                                .waiting()
                                .filter(other -> !other.equals(opened.id()))
                                .isPresent()) {
                    parts.stopWorkers(crew);
                    return true;
                }
            }
            display.on(new RunEvent.Stopping("asked to stop"));
            parts.stopWorkers(crew);
            return false;
        }
    }

    private static boolean isIdle(Jobs jobs, ExperimentId experiment) {
        return jobs.open(experiment).isEmpty();
    }
}
