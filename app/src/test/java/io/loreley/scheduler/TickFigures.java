package io.loreley.scheduler;

import io.loreley.cli.ProjectSettings;
import io.loreley.domain.CardText;
import io.loreley.domain.CommitCard;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.IslandKey;
import io.loreley.domain.JobArtifacts;
import io.loreley.domain.Measurement;
import io.loreley.domain.Repository;
import io.loreley.embedding.HashingEmbedder;
import io.loreley.embedding.RepositoryEmbedder;
import io.loreley.git.Hub;
import io.loreley.git.Source;
import io.loreley.process.ProcessRunner;
import io.loreley.store.Archives;
import io.loreley.store.Controls;
import io.loreley.store.Database;
import io.loreley.store.EmbeddedPostgres;
import io.loreley.store.EmbeddingStore;
import io.loreley.store.Expenses;
import io.loreley.store.ExperimentLock;
import io.loreley.store.Experiments;
import io.loreley.store.Inventory;
import io.loreley.store.JobQueue;
import io.loreley.store.JobResult;
import io.loreley.store.Jobs;
import io.loreley.store.LargeTables;
import io.loreley.store.MigrationLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * What a tick of a scheduler takes that has a million jobs behind it, on the embedded server as users have it: one that
 * finds nothing to do, and one that replaces a job that ended. {@code TickFigures jobs folder}.
 */
public final class TickFigures {

    private static final int UNFINISHED = 64;
    private static final int TICKS = 201;

    private TickFigures() {}

    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[0]);
        Path folder = Files.createDirectories(Path.of(args[1]).toAbsolutePath());
        try (ProcessRunner processes = new ProcessRunner()) {
            var postgres = new EmbeddedPostgres(folder, processes);
            try (Database database = Database.open(postgres.open());
                    Hub hub = Hub.open(folder.resolve("hub"), processes)) {
                Inventory.deleteEverything(database);
                measure(database, hub, root(hub, folder), count);
            } finally {
                postgres.stop();
            }
        }
    }

    private static CommitHash root(Hub hub, Path folder) throws Exception {
        Path files = Files.createDirectories(folder.resolve("files"));
        Files.writeString(files.resolve("value.txt"), "0\n");
        return hub.fetch(new Source.FolderSource(files), "HEAD");
    }

    private static void measure(Database database, Hub hub, CommitHash root, int count) throws SQLException {
        InstantSource clock = InstantSource.system();
        Experiments experiments = new Experiments(database);
        Repository repository = experiments.repository("ticks", null, null, Map.of());
        Experiment experiment = new Experiment(
                new ExperimentId(UUID.randomUUID()), repository, "%064x".formatted(1), "ticks", Map.of(), "active");
        experiments.create(experiment);
        Jobs unfenced = new Jobs(database, new JobQueue(experiment.id(), clock), clock);
        succeed(
                unfenced,
                new JobTemplate(experiment, root, "", List.of(), List.of(), new Directions(List.of(), () -> "")));
        LargeTables.jobs(database, experiment.id(), count);
        leaveNothingToIngest(database);
        try (ExperimentLock lock =
                ExperimentLock.tryAcquire(database, experiment.id(), "figures").orElseThrow()) {
            Jobs jobs = new Jobs(lock.fenced(), new JobQueue(experiment.id(), clock), clock);
            SchedulerLoop loop = loop(database, hub, root, experiment, lock, jobs, clock);
            Budget budget = new Budget(
                    new BudgetSettings(null, null, null, null), new Expenses(database), experiment.id(), clock);
            loop.tick(budget);
            print("idle", median(() -> {}, () -> loop.tick(budget)), count);
            print(
                    "one-job-replaced",
                    median(() -> cancelOne(database, jobs, experiment), () -> loop.tick(budget)),
                    count);
        }
    }

    /** The root, as a worker would. */
    private static void succeed(Jobs jobs, JobTemplate template) {
        EvolutionJob root = template.root(
                IslandKey.DEFAULT_ISLAND,
                new SplittableRandom(1),
                InstantSource.system().instant());
        ExperimentId experiment = Objects.requireNonNull(root.experiment()).id();
        jobs.draw(root);
        jobs.dispatch(experiment, 1);
        EvolutionJob claimed = jobs.claim(root.id(), "figures", "prepare").orElseThrow();
        CommitCard card = new CommitCard(
                UUID.randomUUID(),
                Objects.requireNonNull(claimed.experiment()),
                Objects.requireNonNull(claimed.base()),
                null,
                IslandKey.DEFAULT_ISLAND,
                root.id(),
                "figures",
                new CardText("root", "root", "measured", List.of(), List.of(), List.of()));
        jobs.succeed(
                root.id(),
                claimed.attempt(),
                new JobResult(
                        card,
                        List.of(new Measurement("value", 1, null, Direction.MAXIMIZE, Map.of())),
                        JobArtifacts.Paths.NONE,
                        null));
    }

    private static void leaveNothingToIngest(Database database) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("UPDATE evolution_jobs SET ingestion_status = 'skipped', ingestion_attempts = 1"
                    + " WHERE status = 'SUCCEEDED' AND ingestion_status IS NULL AND draw IS NOT NULL");
        }
    }

    private static void cancelOne(Database database, Jobs jobs, Experiment experiment) {
        EvolutionJob any = jobs.open(experiment.id()).getFirst();
        new Controls(database).cancel(any.id().toString(), "figures");
    }

    private static SchedulerLoop loop(
            Database database,
            Hub hub,
            CommitHash root,
            Experiment experiment,
            ExperimentLock lock,
            Jobs jobs,
            InstantSource clock) {
        ProjectSettings settings = TestSettings.project("{seeds: 2, inspirations: 1}");
        SearchSettings search = settings.search();
        Database fenced = lock.fenced();
        Archives archives = new Archives(fenced, clock, search.historySize());
        MigrationLog log = new MigrationLog(fenced, clock, search.historySize());
        Islands islands = new Islands(experiment.id(), search, archives, log, Contest.strict(root));
        Controls controls = new Controls(database);
        return new SchedulerLoop(
                lock,
                new IngestJobs(
                        archives,
                        new ObserveCommits(
                                experiment.id(),
                                new Experiments(fenced),
                                new RepositoryEmbedder(
                                        settings.embedding(),
                                        hub,
                                        new EmbeddingStore(database),
                                        new HashingEmbedder(settings.embedding().dimensions()),
                                        experiment.id(),
                                        "",
                                        root),
                                settings.objective(),
                                search),
                        islands,
                        new MigrateElites(log, islands, search, clock),
                        event -> {},
                        clock),
                new DrawJobs(
                        jobs,
                        islands,
                        new JobTemplate(
                                experiment,
                                root,
                                settings.goal(),
                                List.of(),
                                List.of(),
                                new Directions(search.directions(), () -> "")),
                        new AgentChoice(
                                new LinkedHashMap<>(Map.of("agent", 1.0)),
                                settings.agentsStrategy(),
                                new Expenses(database),
                                experiment.id()),
                        Optional::empty,
                        search,
                        clock),
                jobs,
                islands,
                new CircuitBreaker(jobs, experiment.id(), clock, event -> {}),
                new SchedulerLoop.Surroundings(
                        () -> UNFINISHED,
                        () -> controls.isPaused(experiment.id()),
                        () -> controls.marks(experiment.id()),
                        () -> {},
                        () -> {}));
    }

    /** Milliseconds; what is done before each run is not counted. */
    private static double median(Runnable before, Runnable work) {
        double[] times = new double[TICKS];
        for (int i = 0; i < TICKS; i++) {
            before.run();
            long start = System.nanoTime();
            work.run();
            times[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(times);
        return times[TICKS / 2];
    }

    private static void print(String name, double value, int jobs) {
        System.out.printf("tick.%s.%d-jobs %.4g ms%n", name, jobs, value);
    }
}
