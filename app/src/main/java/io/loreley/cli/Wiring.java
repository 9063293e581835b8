package io.loreley.cli;

import io.loreley.cli.metrics.Metrics;
import io.loreley.cli.metrics.MetricsServer;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Repository;
import io.loreley.domain.RunListener;
import io.loreley.domain.Secret;
import io.loreley.evaluation.EvaluatorFiles;
import io.loreley.git.Hub;
import io.loreley.git.Remote;
import io.loreley.git.RepositoryIdentity;
import io.loreley.git.Source;
import io.loreley.process.ProcessRunner;
import io.loreley.store.Database;
import io.loreley.store.DatabaseClock;
import io.loreley.store.DatabaseUrl;
import io.loreley.store.EmbeddedPostgres;
import io.loreley.store.Experiments;
import io.loreley.store.LiveUsers;
import io.loreley.store.PythonExperiments;
import io.loreley.store.SentProjects;
import io.loreley.store.Vitals;
import io.loreley.worker.ImportGuard;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens what commands need, in the order in which one needs the other, and closes it in reverse. */
final class Wiring implements AutoCloseable {

    private static final int LOOKS = 30;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

    private final MachineSettings machine;
    /** The machine's own, until a database is open. */
    private InstantSource clock;

    private final Map<String, String> environment;
    private final Home home;
    private final WorkerName name = WorkerName.ofThisProcess();
    /** Runs git and the database server. What a killed Loreley left behind carries its name, here and below. */
    private final ProcessRunner processes = new ProcessRunner(name.toString());
    /** Runs agents and evaluators; closing it ends them. */
    private final ProcessRunner programs = new ProcessRunner(name.toString());

    private @Nullable Metrics metrics;
    private final Scope scope = new Scope();

    /** @param environment what this process was given: agents and evaluators get what the settings pass on of it */
    Wiring(MachineSettings machine, InstantSource clock, Map<String, String> environment) {
        this.machine = machine;
        this.clock = clock;
        this.environment = environment;
        this.home = new Home(machine.home()).ensured();
        scope.onClose(processes::close);
        scope.onClose(programs::close);
    }

    /**
     * An experiment, found or started, with everything at hand that a run of it needs.
     *
     * @param scope closes what is opened for it
     */
    record Opened(
            Scope scope,
            Project project,
            Database database,
            Hub hub,
            @Nullable Remote remote,
            Source source,
            Experiments experiments,
            Experiment experiment,
            CommitHash root) {

        ExperimentId id() {
            return experiment.id();
        }

        String name() {
            String name = experiment.name();
            return name == null ? project.settings().name() : name;
        }
    }

    Opened open(Project project, ExperimentChoice choice) {
        ProjectSettings settings = project.settings();
        // Two seconds of work, while a server starts and git looks at the repository.
        var _ = Database.warmUp();
        Database database = database();
        Source source = Source.detect(settings.repository(), project.folder(), settings.importFolder(), processes);
        RepositoryIdentity identity = RepositoryIdentity.of(source, processes);
        Hub hub = hub(identity.slug());
        CommitHash root = hub.fetch(source, settings.root());
        if (source instanceof Source.FolderSource(Path files)
                && machine.membership().gitRemote() != null) {
            new ImportGuard(settings.commit(), hub, environment).check(files, root);
        }
        Remote remote = remote(hub, root);
        Experiments experiments = new Experiments(database);
        Repository repository =
                experiments.repository(identity.slug(), identity.remoteUrl(), identity.rootPath(), identity.extra());
        EvaluatorFiles evaluatorFiles = EvaluatorFiles.of(settings.evaluator(), project.folder());
        new PythonContinuation(experiments, new PythonExperiments(database), hub, source)
                .prepare(repository, settings, project.prompts(), evaluatorFiles, choice);
        Experiment experiment = new ExperimentDesk(experiments)
                .open(repository, settings, project.prompts(), evaluatorFiles, root, source.subfolder(), choice);
        ExperimentSettings defined = ExperimentSettings.stored(experiment.configSnapshot());
        ProjectSettings stored = defined.appliedTo(settings);
        CommitHash pinned = new CommitHash(stored.root());
        return new Opened(
                scope,
                project.with(stored, defined.prompts()),
                database,
                hub,
                remote,
                source,
                experiments,
                experiment,
                pinned);
    }

    /**
     * An experiment as a worker opens it that has no folder of its project: all it needs comes from the database and the
     * git remote.
     *
     * @param scope closes what is opened for it
     * @throws LoreleyException of kind CONFIGURATION if the project was not sent, or this machine names no remote
     */
    Opened attach(Database database, ExperimentId id, Scope scope) {
        Experiments experiments = new Experiments(database);
        Experiment experiment = experiments.find(id).orElseThrow();
        Secret url = machine.membership().gitRemote();
        if (url == null) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "a worker without the project's folder needs the git remote that the scheduler was given: --git-remote or LORELEY_GIT_REMOTE");
        }
        String slug = experiment.repository().slug();
        Hub hub = hub(slug, scope);
        Remote remote = hub.exchangeThrough(url.value());
        Project project = new ProjectTransport(new SentProjects(database), hub, remote)
                .receive(id, home.projects(id), environment, scope);
        ExperimentSettings stored = ExperimentSettings.stored(experiment.configSnapshot());
        ProjectSettings settings = stored.appliedTo(project.settings());
        CommitHash root = new CommitHash(settings.root());
        if (!hub.obtain(root)) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "the git remote %s does not hold the root of experiment %s; is it the one that its scheduler was given?"
                            .formatted(remote.describe(), id));
        }
        remote.requireRights(root);
        Source source = new Source.GitSource(slug, null, stored.subfolder());
        return new Opened(
                scope,
                project.with(settings, stored.prompts()),
                database,
                hub,
                remote,
                source,
                experiments,
                experiment,
                root);
    }

    /** The models that an experiment's settings name. */
    Models models(Opened opened) {
        Models models = new Models(opened.project().settings(), environment, clock);
        opened.scope().onClose(models::close);
        return models;
    }

    /** The database of this machine, connected and migrated. */
    Database database() {
        Database database = Database.open(databaseUrl());
        scope.onClose(database::close);
        DatabaseClock shared = DatabaseClock.of(database);
        scope.onClose(shared::close);
        clock = shared;
        return database;
    }

    /** Where it is; the embedded server runs then. */
    private DatabaseUrl databaseUrl() {
        Secret configured = machine.databaseUrl();
        return configured == null ? embedded().open() : DatabaseUrl.parse(configured.value());
    }

    /**
     * Makes sure that nobody else works on the database of this machine. To be asked before we do.
     *
     * @throws LoreleyException of kind CONFIGURATION if somebody does
     */
    void requireUnused() {
        requireNobody(databaseUrl(), "");
    }

    /** Starts the embedded server if it died; it comes back on its old port, and the pool finds it there. */
    void restartDatabase() {
        if (machine.databaseUrl() == null) {
            LOG.atInfo().addKeyValue("database", embedded().open()).log("database.reopened");
        }
    }

    /**
     * Stops the embedded server.
     *
     * @param force also if somebody works on it
     * @return whether it was running
     * @throws LoreleyException of kind CONFIGURATION if another database is configured, or somebody works on this one
     */
    boolean stopEmbedded(boolean force) {
        if (machine.databaseUrl() != null) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "DATABASE_URL names a server that Loreley did not start; it is left running");
        }
        EmbeddedPostgres server = embedded();
        boolean running = server.isRunning();
        if (running && !force) {
            requireNobody(server.open(), "; --force breaks them off, and a run starts the database again");
        }
        server.stop();
        return running;
    }

    /** The server lists a connection for a moment after it was closed, so that a last look decides. */
    private static void requireNobody(DatabaseUrl url, String otherwise) {
        LiveUsers users = LiveUsers.of(url);
        for (int look = 1; look < LOOKS && users.runs().isEmpty() && !users.areNone(); look++) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            users = LiveUsers.of(url);
        }
        if (!users.areNone()) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "the database is in use: %s. Stop them first, with Ctrl-C or kill%s."
                            .formatted(
                                    users.runs().isEmpty()
                                            ? "%d connections of other processes".formatted(users.sessions())
                                            : "experiment %s is being run".formatted(String.join(", ", users.runs())),
                                    otherwise));
        }
    }

    private EmbeddedPostgres embedded() {
        return new EmbeddedPostgres(home.folder(), processes);
    }

    /** The hub of the repository that has this slug. */
    Hub hub(String slug) {
        return hub(slug, scope);
    }

    private Hub hub(String slug, Scope scope) {
        Hub hub = Hub.open(home.hub(slug), processes);
        scope.onClose(hub::close);
        return hub;
    }

    /** What machines exchange commits through; refused at once if we may not write there. */
    private @Nullable Remote remote(Hub hub, CommitHash root) {
        Secret url = machine.membership().gitRemote();
        if (url == null) {
            return null;
        }
        Remote remote = hub.exchangeThrough(url.value());
        remote.requireRights(root);
        return remote;
    }

    /** Has what is told counted too, if metrics are wanted; they are answered until this is closed. */
    RunListener observed(Database database, RunListener listener) {
        InetSocketAddress address = machine.membership().metrics();
        if (address == null) {
            return listener;
        }
        Metrics known = metrics;
        if (known == null) {
            known = new Metrics(new Vitals(database));
            scope.onClose(known::close);
            scope.onClose(MetricsServer.start(address, known)::close);
            metrics = known;
        }
        Metrics counting = known;
        return event -> {
            listener.on(event);
            counting.on(event);
        };
    }

    WorkerName name() {
        return name;
    }

    ProcessRunner processes() {
        return processes;
    }

    ProcessRunner programs() {
        return programs;
    }

    /** The clock that all machines share: the database's, once one is open. */
    InstantSource clock() {
        return clock;
    }

    Map<String, String> environment() {
        return environment;
    }

    Home home() {
        return home;
    }

    int workers() {
        return machine.workers();
    }

    Membership membership() {
        return machine.membership();
    }

    @Override
    public void close() {
        scope.close();
    }
}
