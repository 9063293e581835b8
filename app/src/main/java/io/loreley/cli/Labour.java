package io.loreley.cli;

import io.loreley.cli.display.Display;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.RunEvent;
import io.loreley.store.Database;
import io.loreley.store.DatabaseUnavailableException;
import io.loreley.store.SentProjects;
import io.loreley.worker.Janitor;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
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
    /** A remote that is away may be back by then, and a person may have mended the settings. */
    private static final Duration LEAVE_ALONE = Duration.ofMinutes(5);

    private final Wiring wiring;
    private final MachineSettings machine;
    private final Display display;
    private final Outage outage;
    private final CountDownLatch asked = new CountDownLatch(1);
    /** Experiments that could not be worked on here, and until when nobody tries again. */
    private final Map<ExperimentId, Instant> leftAlone = new HashMap<>();

    Labour(Wiring wiring, MachineSettings machine, Display display, GracefulStop stop) {
        this.wiring = wiring;
        this.machine = machine;
        this.display = display;
        this.outage = new Outage(display);
        stop.whenRequested(asked::countDown);
        stop.whenHurried(wiring.programs()::close);
    }

    /** Works on one until asked to stop, or drained. */
    void on(Wiring.Opened opened) throws InterruptedException {
        on(opened, Optional::empty);
    }

    void onNamed(String experiment) throws InterruptedException {
        Database database = wiring.database();
        ExperimentId id = new SentProjects(database).named(experiment);
        try (Scope scope = new Scope()) {
            on(wiring.attach(database, id, scope));
        }
    }

    void onWhateverWaits() throws InterruptedException {
        Database database = wiring.database();
        SentProjects sent = new SentProjects(database);
        var _ = wiring.observed(database, display); // well while it waits, too
        boolean toldOfVersions = false;
        while (!asked.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            Optional<ExperimentId> next = waiting(sent);
            if (next.isPresent()) {
                if (!on(next.get(), database, () -> waiting(sent))) {
                    return;
                }
            } else if (!toldOfVersions) {
                toldOfVersions = tellOfOtherVersions(sent);
            }
        }
    }

    private boolean tellOfOtherVersions(SentProjects sent) {
        List<String> others =
                outage.ask(() -> sent.waitingVersions(machine.membership().labels())).orElse(List.of()).stream()
                        .filter(version -> !version.equals(Version.current()))
                        .toList();
        if (others.isEmpty()) {
            return false;
        }
        display.on(new RunEvent.Trouble(
                "jobs wait for workers of Loreley %s, and this is %s; run the same version everywhere"
                        .formatted(String.join(" and ", others), Version.current())));
        return true;
    }

    /** Answers whether to look for other work. What is wrong with one experiment keeps nobody from the others. */
    private boolean on(ExperimentId experiment, Database database, Elsewhere elsewhere) throws InterruptedException {
        LOG.atInfo().addKeyValue("experiment", experiment).log("worker.attached");
        try (Scope scope = new Scope()) {
            return on(wiring.attach(database, experiment, scope), elsewhere);
        } catch (DatabaseUnavailableException e) {
            outage.note(e);
            return true;
        } catch (LoreleyException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            leftAlone.put(experiment, wiring.clock().instant().plus(LEAVE_ALONE));
            LOG.atWarn().addKeyValue("experiment", experiment).setCause(e).log("worker.left-alone");
            display.on(new RunEvent.Trouble("experiment %s is left alone for %d minutes: %s"
                    .formatted(experiment, LEAVE_ALONE.toMinutes(), e.getMessage())));
            return true;
        }
    }

    private Optional<ExperimentId> waiting(SentProjects sent) {
        leftAlone.values().removeIf(wiring.clock().instant()::isAfter);
        return outage.find(() -> sent.waiting(machine.membership().labels(), Version.current(), leftAlone.keySet()));
    }

    private interface Elsewhere {
        Optional<ExperimentId> waiting();
    }

    /** Answers whether to look for other work. */
    private boolean on(Wiring.Opened opened, Elsewhere elsewhere) throws InterruptedException {
        opened.project().settings().requireLabels(machine.membership().labels());
        new SentProjects(opened.database())
                .find(opened.id())
                .ifPresent(sent -> ProjectTransport.requireSameVersion(opened.id(), sent));
        Assembly parts = new Assembly(wiring, opened, wiring.observed(opened.database(), display));
        try (Crew crew = parts.startWorkers();
                Janitor _ = parts.startJanitor()) {
            long lastBusy = System.nanoTime();
            while (!asked.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                if (crew.isDrained()) {
                    display.on(new RunEvent.Stopping("drained"));
                    return false;
                }
                // While the database is away, nobody knows of other work, and what is at work goes on.
                if (outage.ask(() -> parts.jobs().areOpen(opened.id())).orElse(true)) {
                    lastBusy = System.nanoTime();
                } else if (System.nanoTime() - lastBusy > IDLE.toNanos()
                        && elsewhere
                                .waiting()
                                .filter(other -> !other.equals(opened.id()))
                                .isPresent()) {
                    return true;
                }
            }
            display.on(new RunEvent.Stopping("asked to stop"));
            return false;
        }
    }
}
