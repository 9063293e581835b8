package io.loreley.cli;

import io.loreley.cli.display.Display;
import io.loreley.cli.display.EndReport;
import io.loreley.cli.display.Overview;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.embedding.Embedder;
import io.loreley.scheduler.Budget;
import io.loreley.scheduler.BudgetSettings;
import io.loreley.scheduler.SearchSettings;
import io.loreley.store.Activity;
import io.loreley.store.Controls;
import io.loreley.store.Database;
import io.loreley.store.Expenses;
import io.loreley.store.StatusQuery;
import io.loreley.store.Workers;
import io.loreley.web.WebServer;
import io.loreley.web.WebSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scheduler, workers and database of this machine, in this process. */
final class LocalEngine implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(LocalEngine.class);
    private static final Duration SHOW_EVERY = Duration.ofMillis(250);

    private final InstantSource clock;
    private final Map<String, String> environment;

    LocalEngine(InstantSource clock, Map<String, String> environment) {
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public EndReport run(
            Project project,
            MachineSettings machine,
            ExperimentChoice choice,
            @Nullable WebSettings web,
            Display display,
            GracefulStop stop) {
        return run(project, machine, choice, web, display, stop, Run.Role.BOTH);
    }

    @Override
    public EndReport schedule(
            Project project, MachineSettings machine, ExperimentChoice choice, Display display, GracefulStop stop) {
        return run(project, machine, choice, null, display, stop, Run.Role.SCHEDULER);
    }

    private EndReport run(
            Project project,
            MachineSettings machine,
            ExperimentChoice choice,
            @Nullable WebSettings web,
            Display display,
            GracefulStop stop,
            Run.Role role) {
        try (Wiring wiring = new Wiring(machine, clock, environment)) {
            Wiring.Opened opened = wiring.open(project, choice);
            display.about(opened.project().settings().goal());
            StatusView view = new StatusView(opened, wiring.clock());
            // Asked before any job is: a key that is missing or refused ends the run here.
            Embedder embedder = wiring.models(opened).embedder();
            Run run = new Run(
                    opened,
                    new Assembly(wiring, opened, wiring.observed(opened.database(), display)),
                    embedder,
                    display,
                    view,
                    role);
            stop.whenRequested(run::stop);
            stop.whenHurried(wiring.programs()::close);
            CountDownLatch ended = new CountDownLatch(1);
            Thread shower = Thread.ofVirtual().name("show").start(() -> show(view, display, ended));
            try (BackgroundDashboard _ = new BackgroundDashboard(wiring, machine, web, opened, view, display)) {
                return run.run(new Budget(
                        project.settings().budget(), new Expenses(opened.database()), opened.id(), wiring.clock()));
            } finally {
                ended.countDown();
                shower.join();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public void work(
            Project project, MachineSettings machine, ExperimentChoice choice, Display display, GracefulStop stop) {
        try (Wiring wiring = new Wiring(machine, clock, environment)) {
            Wiring.Opened opened = wiring.open(project, choice);
            new Labour(wiring, machine, display, stop).on(opened);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public void work(@Nullable String experiment, MachineSettings machine, Display display, GracefulStop stop) {
        try (Wiring wiring = new Wiring(machine, clock, environment)) {
            Labour labour = new Labour(wiring, machine, display, stop);
            if (experiment == null) {
                labour.onWhateverWaits();
            } else {
                labour.onNamed(experiment);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static LoreleyException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new LoreleyException(FailureKind.INTERRUPTED, "the run was interrupted", e);
    }

    @Override
    public <T> T control(Project project, MachineSettings machine, Controlled<T> order) {
        try (Wiring wiring = new Wiring(machine, clock, environment)) {
            Recorded recorded = Recorded.open(wiring, project);
            Database database = recorded.database();
            return order.give(
                    new Controls(database),
                    new Workers(database),
                    recorded.experiment().id());
        }
    }

    @Override
    public <T> T controlAll(MachineSettings machine, ControlledAll<T> order) {
        try (Wiring wiring = new Wiring(machine, clock, environment)) {
            Database database = wiring.database();
            return order.give(new Controls(database), new Workers(database));
        }
    }

    @Override
    public void serve(MachineSettings machine, WebSettings web, Consumer<String> ready, GracefulStop stop) {
        try (Wiring wiring = new Wiring(machine, clock, environment);
                WebServer server =
                        new Dashboard(wiring, machine).start(web, wiring.database(), experiment -> Optional.empty());
                RunningServers.Announcement _ = new RunningServers(machine.home()).announce(server.address())) {
            CountDownLatch asked = new CountDownLatch(1);
            stop.whenRequested(asked::countDown);
            ready.accept(server.address());
            asked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoreleyException(FailureKind.INTERRUPTED, "the server was interrupted", e);
        }
    }

    @Override
    public Standing status(Project project, MachineSettings machine) {
        try (Wiring wiring = new Wiring(machine, clock, environment)) {
            Recorded recorded = Recorded.open(wiring, project);
            ExperimentId id = recorded.experiment().id();
            ExperimentStatus status = new StatusQuery(recorded.database(), wiring.clock())
                    .status(StatusView.frame(
                            recorded.settings(), id, recorded.experiment().name(), Duration.ZERO));
            Activity.State state = new Activity(recorded.database()).of(id);
            return new Standing(status, recorded.settings().goal(), Overview.State.valueOf(state.name()));
        }
    }

    @Override
    public String database(MachineSettings machine) {
        try (Wiring wiring = new Wiring(machine, clock, environment)) {
            Database database = wiring.database();
            return "PostgreSQL %s at %s".formatted(database.serverVersion(), database.url());
        }
    }

    @Override
    public void warmUp() {
        Database.warmUp().join();
    }

    private static void show(StatusView view, Display display, CountDownLatch ended) {
        try {
            do {
                show(view, display);
            } while (!ended.await(SHOW_EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A status that cannot be read is not worth a run; the next may be. */
    private static void show(StatusView view, Display display) {
        try {
            display.show(view);
        } catch (LoreleyException e) {
            LOG.atWarn().setCause(e).log("show.failed");
        }
    }

    /** The status of an opened experiment, as often as it is asked for. */
    private static final class StatusView implements java.util.function.Supplier<ExperimentStatus> {

        private final Wiring.Opened opened;
        private final InstantSource clock;
        private final StatusQuery query;
        private final Instant started;

        StatusView(Wiring.Opened opened, InstantSource clock) {
            this.opened = opened;
            this.clock = clock;
            this.query = new StatusQuery(opened.database(), clock);
            this.started = clock.instant();
        }

        @Override
        public ExperimentStatus get() {
            return query.status(frame(
                    opened.project().settings(),
                    opened.id(),
                    opened.name(),
                    Duration.between(started, clock.instant())));
        }

        static StatusQuery.Frame frame(ProjectSettings settings, ExperimentId id, String name, Duration used) {
            SearchSettings search = settings.search();
            BudgetSettings budget = settings.budget();
            return new StatusQuery.Frame(
                    id,
                    name,
                    settings.objective(),
                    search.totalCells(),
                    budget.jobs(),
                    used,
                    budget.time(),
                    budget.costUsd(),
                    budget.tokens());
        }
    }
}
