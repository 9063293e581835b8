package io.loreley.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.loreley.SearchInvariants;
import io.loreley.agent.Agent;
import io.loreley.agent.AgentReport;
import io.loreley.cli.ProjectSettings;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Repository;
import io.loreley.domain.Usage;
import io.loreley.domain.Verdict;
import io.loreley.embedding.HashingEmbedder;
import io.loreley.embedding.RepositoryEmbedder;
import io.loreley.evaluation.Evaluation;
import io.loreley.evaluation.Evaluator;
import io.loreley.git.Hub;
import io.loreley.lineage.Memory;
import io.loreley.store.Archives;
import io.loreley.store.Controls;
import io.loreley.store.Database;
import io.loreley.store.EmbeddingStore;
import io.loreley.store.Expenses;
import io.loreley.store.ExperimentLock;
import io.loreley.store.Experiments;
import io.loreley.store.JobQueue;
import io.loreley.store.Jobs;
import io.loreley.store.Lineages;
import io.loreley.store.MigrationLog;
import io.loreley.store.Stages;
import io.loreley.worker.Agents;
import io.loreley.worker.CandidateRefs;
import io.loreley.worker.CommitGuard;
import io.loreley.worker.Examiners;
import io.loreley.worker.ExperimentBrief;
import io.loreley.worker.JobPipeline;
import io.loreley.worker.Recorder;
import io.loreley.worker.Requests;
import io.loreley.worker.SecretPatterns;
import io.loreley.worker.Slots;
import io.loreley.worker.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One experiment from its first draw to its last: scheduler, two workers, agent, evaluator and clock take turns on one
 * thread, as one seed says, on a real database and a real repository. Processes die before and after their writes, a
 * worker that is taken for dead comes back and writes late, a scheduler that was overtaken goes on. For one run.
 */
final class Simulation implements AutoCloseable {

    private static final long DRAWS = 3;
    /** Many times more than a healthy run takes. */
    private static final int MOST_TURNS = 400;

    /** A job that paid so often for nothing fails. */
    private static final int PAID_IN_VAIN = 3;

    private static final Duration TURN = Duration.ofSeconds(1);

    private final Database quiet;
    private final Database deadly;
    private final Hub hub;
    private final CommitHash root;
    private final Path folder;
    private final SplittableRandom random;
    private final Deaths deaths;
    private final Experiment experiment;
    private final ProjectSettings settings;
    private final SimulatedQueue entries;
    private final List<Simulated> workers = new ArrayList<>();
    private final List<Long> paid = new ArrayList<>();
    /** How often the provider was away when a job had paid it. */
    private final Map<String, Integer> away = new HashMap<>();

    private Instant now = Instant.parse("2026-11-25T12:00:00Z");
    private int names;
    private boolean nested;
    private @Nullable Scheduling scheduler;

    Simulation(Database database, Hub hub, CommitHash root, Path folder, long seed) {
        this.quiet = database;
        this.hub = hub;
        this.root = root;
        this.folder = folder;
        this.random = new SplittableRandom(seed);
        this.deaths = new Deaths(random.split());
        this.deadly = database.through(deaths);
        this.settings =
                TestSettings.project("{seed: %d, seeds: 2, inspirations: 1, cells-per-dimension: 3}".formatted(seed));
        Experiments experiments = new Experiments(database);
        Repository repository = experiments.repository("simulation-" + seed, null, null, Map.of());
        this.experiment = new Experiment(
                new ExperimentId(new UUID(random.nextLong(), random.nextLong())),
                repository,
                "%064x".formatted(seed),
                "simulation-" + seed,
                Map.of("seed", seed),
                "active");
        experiments.create(experiment);
        this.entries = new SimulatedQueue(database, experiment.id());
        workers.add(new Simulated());
        workers.add(new Simulated());
    }

    void run() throws Exception {
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            if (isOver()) {
                return;
            }
            turn();
        }
        fail(
                "after %d turns the run has not ended: %s",
                MOST_TURNS,
                rows("SELECT status || ' ' || attempt || ' '"
                        + " || coalesce(last_error, '') FROM evolution_jobs WHERE experiment_id = ?"));
    }

    /** Whoever dies when its job has ended leaves the entry to those who bury it, so that the queue must be empty, too. */
    private boolean isOver() throws SQLException {
        return count("SELECT count(*) FROM evolution_jobs WHERE experiment_id = ? AND draw IS NOT NULL") == DRAWS
                && count("SELECT count(*) FROM evolution_jobs WHERE experiment_id = ? AND (completed_at IS NULL"
                                + " OR status = 'SUCCEEDED' AND ingestion_status IS NULL)")
                        == 0
                && count("SELECT count(*) FROM scheduled_tasks WHERE task_name = 'evolve/' || ?::text") == 0;
    }

    private void turn() throws Exception {
        now = now.plus(TURN);
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> schedule();
            case 3 -> overtake();
            case 4 -> buryTheDead();
            default -> workers.get(random.nextInt(workers.size())).work();
        }
    }

    private void schedule() {
        try {
            Scheduling scheduling = scheduler;
            if (scheduling == null) {
                scheduling = new Scheduling();
                scheduler = scheduling;
            }
            scheduling.tick();
        } catch (Deaths.Death | SearchImpossibleException e) {
            endScheduler(); // a root that took too many workers with it is given another chance by the next run
        }
    }

    private void endScheduler() {
        Scheduling dead = scheduler;
        scheduler = null;
        if (dead != null) {
            dead.lock.close(); // as the server does when the connection of the dead is gone
        }
    }

    /** Another process takes the lock of one that stopped beating; the one before goes on, and can do no harm. */
    private void overtake() throws SQLException {
        Scheduling before = scheduler;
        if (before == null || random.nextInt(3) > 0) {
            return;
        }
        scheduler = null;
        schedule();
        String jobs = state();
        try {
            before.tick();
            fail("a scheduler that was overtaken went on");
        } catch (LoreleyException | Deaths.Death e) {
            assertThat(state()).isEqualTo(jobs);
        } finally {
            before.lock.close();
        }
    }

    private String state() throws SQLException {
        return rows("SELECT id || ' ' || status || ' ' || coalesce(ingestion_status, '') FROM evolution_jobs"
                        + " WHERE experiment_id = ? ORDER BY id")
                .toString();
    }

    /** The hearts of the dead have stopped for long enough; now and then that of a living one could not be heard. */
    private void buryTheDead() throws SQLException {
        Simulated survivor = workers.get(random.nextInt(workers.size()));
        if (survivor.busy) {
            return;
        }
        try {
            for (Simulated other : workers) {
                for (String dead : other.deadNames) {
                    entries.revive(dead, survivor.worker, now);
                }
                if (nested && other != survivor) {
                    entries.revive(other.name, survivor.worker, now);
                }
            }
        } catch (Deaths.Death e) {
            survivor.die();
        }
    }

    /** What the others do while a program runs. */
    private void meanwhile() {
        if (nested || random.nextInt(3) > 0) {
            return;
        }
        nested = true;
        try {
            for (int i = 0; i < 6; i++) {
                turn();
            }
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        } catch (Exception e) {
            throw e instanceof RuntimeException known ? known : new IllegalStateException(e);
        } finally {
            nested = false;
        }
    }

    void check() throws SQLException {
        endScheduler();
        new SearchInvariants(quiet, experiment.id().value())
                .check(DRAWS, hub.refs("refs/loreley/" + experiment.id() + "/commits"));
        assertThat(count("SELECT coalesce(sum(calls), 0) FROM job_stages WHERE experiment_id = ?"))
                .as("calls in the ledger, which lacks those whose caller died on the way there")
                .isLessThanOrEqualTo(paid.size());
    }

    @Override
    public void close() {
        endScheduler();
        workers.forEach(worker -> worker.slots.close());
    }

    /** The scheduler of one process. */
    private final class Scheduling {

        private final ExperimentLock lock;
        private final SchedulerLoop loop;

        Scheduling() {
            this.lock = acquire("scheduler-" + names++);
            Database fenced = lock.fenced().through(deaths);
            Jobs jobs = new Jobs(fenced, queue(), () -> now);
            SearchSettings search = settings.search();
            Archives archives = new Archives(fenced, () -> now, search.historySize());
            MigrationLog log = new MigrationLog(fenced, () -> now, search.historySize());
            Islands islands = new Islands(experiment.id(), search, archives, log, Contest.strict(root));
            RepositoryEmbedder embedder = new RepositoryEmbedder(
                    settings.embedding(),
                    hub,
                    new EmbeddingStore(fenced),
                    new HashingEmbedder(settings.embedding().dimensions()),
                    experiment.id(),
                    "",
                    root);
            this.loop = new SchedulerLoop(
                    lock,
                    new IngestJobs(
                            archives,
                            new ObserveCommits(
                                    experiment.id(), new Experiments(fenced), embedder, settings.objective(), search),
                            islands,
                            new MigrateElites(log, islands, search, () -> now),
                            event -> {},
                            () -> now),
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
                                    new Expenses(quiet),
                                    experiment.id()),
                            Optional::empty,
                            search,
                            () -> now),
                    jobs,
                    islands,
                    new CircuitBreaker(jobs, experiment.id(), () -> now, event -> {}),
                    new SchedulerLoop.Surroundings(() -> 3, () -> false, Map::of, () -> {}, () -> {}));
        }

        void tick() {
            loop.tick(new Budget(
                    new BudgetSettings(DRAWS, null, null, null), new Expenses(quiet), experiment.id(), () -> now));
        }
    }

    /** Whoever held the lock stopped beating. A server under load may take a moment to end its connection. */
    private ExperimentLock acquire(String holder) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline) {
            change("UPDATE scheduler_leases SET renewed_at = now() - interval '1 minute' WHERE experiment_id = ?");
            Optional<ExperimentLock> lock = ExperimentLock.tryAcquire(quiet, experiment.id(), holder);
            if (lock.isPresent()) {
                return lock.get();
            }
            LockSupport.parkNanos(50_000_000);
        }
        throw new IllegalStateException("the lock is held by nobody, and cannot be taken");
    }

    private JobQueue queue() {
        return new JobQueue(experiment.id(), () -> now);
    }

    /** A worker's place: whoever dies there is followed by another. */
    private final class Simulated {

        private final List<String> deadNames = new ArrayList<>();
        private final Slots slots = Slots.in(folder.resolve("slots"), hub, 2, List.of());
        private String name = "";
        private Worker worker;
        private boolean busy;

        @SuppressWarnings("NullAway.Init")
        Simulated() {
            start();
        }

        private void start() {
            name = "worker-" + names++;
            ExperimentBrief brief =
                    new ExperimentBrief(experiment, settings.goal(), List.of(), List.of(), settings.objective(), "", 0);
            JobPipeline pipeline = new JobPipeline(
                    brief,
                    new CandidateRefs(hub, null, experiment.id()),
                    new Agents(List.of(
                            new Agents.Arm("agent", null, agent(), Duration.ofMinutes(1), Duration.ofMinutes(1)))),
                    new Examiners(evaluator(), null),
                    new Requests(
                            brief,
                            new Experiments(deadly),
                            new Controls(deadly),
                            new Memory(settings.memory(), settings.objective(), new Lineages(deadly), null, () -> now)),
                    new Recorder(brief, hub, folder.resolve("artifacts"), settings.commit(), () -> now),
                    new CommitGuard(
                            settings.commit(),
                            hub,
                            new SecretPatterns(settings.commit().secrets(), Map.of())));
            worker = new Worker(
                    name,
                    new Jobs(deadly, queue(), () -> now),
                    new Stages(deadly, () -> now),
                    pipeline,
                    slots,
                    folder.resolve("artifacts").resolve(experiment.id().toString()),
                    event -> {});
        }

        void work() throws SQLException {
            if (busy) {
                return; // it waits for its program
            }
            var held = entries.pick(name, now);
            if (held.isEmpty()) {
                return;
            }
            busy = true;
            try {
                entries.answer(held.get(), worker.handle(held.get().job()), now);
            } catch (Deaths.Death e) {
                die();
            } finally {
                busy = false;
            }
        }

        void die() {
            deadNames.add(name);
            start();
        }
    }

    private Agent agent() {
        return new Agent() {
            @Override
            public AgentReport run(
                    io.loreley.agent.AgentRequest request, Path workTree, Path scratch, io.loreley.agent.Meter meter) {
                assertThat(rowsQuietly("SELECT stage FROM job_stages WHERE experiment_id = ? AND job_id = '"
                                + request.job() + "' AND stage = 'CODE' AND outcome = 'SUCCEEDED'"))
                        .as("job %s is paid for once", request.job())
                        .isEmpty();
                paid.add(request.seed());
                write(workTree.resolve("value.txt"), request.seed() + "\n");
                meanwhile();
                deaths.pass();
                meter.spent(new Usage("model", 10, 0, 5, 0.01));
                if (random.nextInt(10) == 0 && away.merge(request.job(), 1, Integer::sum) < PAID_IN_VAIN) {
                    throw new LoreleyException(FailureKind.REMOTE, "the provider is away");
                }
                return new AgentReport("Raised the number to " + request.seed(), null, Map.of());
            }

            @Override
            public String name() {
                return "simulated";
            }
        };
    }

    private Evaluator evaluator() {
        return (candidate, checkout, scratch) -> {
            meanwhile();
            deaths.pass();
            double value = Double.parseDouble(
                    read(checkout.of(candidate.commit()).resolve("value.txt")).strip());
            return new Evaluation(
                    "measured",
                    List.of(new Measurement("value", value, null, Direction.MAXIMIZE, Map.of())),
                    List.of(),
                    new Verdict.Accepted(),
                    null);
        };
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long count(String sql) throws SQLException {
        return Long.parseLong(
                rows(sql.replaceFirst("SELECT (count\\(\\*\\)|coalesce\\(sum\\(calls\\), 0\\))", "SELECT ($1)::text"))
                        .getFirst());
    }

    private List<String> rowsQuietly(String sql) {
        try {
            return rows(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> rows(String sql) throws SQLException {
        try (var connection = quiet.dataSource().getConnection();
                var statement = connection.prepareStatement(sql)) {
            statement.setObject(1, experiment.id().value());
            List<String> found = new ArrayList<>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        }
    }

    private void change(String sql) {
        try (var connection = quiet.dataSource().getConnection();
                var statement = connection.prepareStatement(sql)) {
            statement.setObject(1, experiment.id().value());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
