package io.loreley.store;

import io.loreley.domain.Direction;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobArtifacts;
import io.loreley.domain.JobId;
import io.loreley.domain.Measurement;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast the queue is with two worker processes on a durable server: jobs that do nothing, from PENDING to SUCCEEDED with
 * card and metrics; and how long the job of a worker that was killed with SIGKILL waits for the other one.
 *
 * <p>{@code QueueFigures [jobs [folder]]}
 */
public final class QueueFigures {

    private static final int SLOTS = 24;

    private QueueFigures() {}

    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("worker")) {
            work(args);
            return;
        }
        int jobs = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        Path folder = Path.of(args.length > 1 ? args[1] : "target/figures-postgres");
        var postgres = new EmbeddedPostgres(folder, new ProcessRunner());
        DatabaseUrl url = postgres.open();
        List<Process> workers = new ArrayList<>();
        try (Database database = Database.open(url)) {
            Inventory.deleteEverything(database);
            StoredSearch search = new StoredSearch(database);
            throughput(search, url, jobs, workers);
            takeOver(search, url, Duration.ofSeconds(2), "default", workers);
            takeOver(search, url, Duration.ofMillis(500), "short", workers);
        } finally {
            workers.forEach(Process::destroyForcibly);
            postgres.stop();
        }
    }

    private static void throughput(StoredSearch search, DatabaseUrl url, int jobs, List<Process> workers)
            throws Exception {
        for (int i = 0; i < 2; i++) {
            workers.add(start(url, search.experiment.id(), "succeed", Duration.ofSeconds(2), SLOTS));
        }
        int warm = jobs; // until then the compilers of two new processes have most of the processors
        insert(search, 0, warm);
        dispatchAndAwait(search, warm);
        insert(search, warm, jobs);
        long started = System.nanoTime();
        dispatchAndAwait(search, warm + jobs);
        double seconds = (System.nanoTime() - started) / 1e9;
        System.out.printf("queue.jobs-2-processes %.0f jobs/s%n", jobs / seconds);
        stop(workers);
    }

    /** Dispatches as a scheduler does that keeps a few hundred jobs ahead of its workers. */
    private static void dispatchAndAwait(StoredSearch search, int total) {
        while (counted(search, "SUCCEEDED") < total) {
            int waiting = counted(search, "QUEUED");
            if (search.jobs.dispatch(search.experiment.id(), Math.max(0, 400 - waiting)) == 0) {
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    private static void takeOver(
            StoredSearch search, DatabaseUrl url, Duration heartbeat, String name, List<Process> workers)
            throws Exception {
        search.execute("DELETE FROM scheduled_tasks");
        search.execute("DELETE FROM commit_cards");
        search.execute("DELETE FROM evolution_jobs");
        insert(search, 0, 1);
        Process first = start(url, search.experiment.id(), "hold", heartbeat, 1);
        workers.add(first);
        search.jobs.dispatch(search.experiment.id(), 1);
        await(search, "attempt = 1");
        workers.add(start(url, search.experiment.id(), "hold", heartbeat, 1));
        LockSupport.parkNanos(Duration.ofSeconds(8).toNanos()); // until the other one looks for jobs
        long killed = System.nanoTime();
        first.destroyForcibly().waitFor();
        await(search, "attempt = 2");
        System.out.printf("queue.take-over-%s %.1f s%n", name, (System.nanoTime() - killed) / 1e9);
        stop(workers);
    }

    private static void await(StoredSearch search, String condition) {
        while (count(search, condition) == 0) {
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static void stop(List<Process> workers) throws InterruptedException {
        for (Process worker : workers) {
            worker.destroyForcibly().waitFor();
        }
        workers.clear();
    }

    private static int count(StoredSearch search, String condition) {
        return Integer.parseInt(search.value("SELECT count(*) FROM evolution_jobs WHERE " + condition));
    }

    /** As the product counts: a sum, where counting rows would be most of the work. */
    private static int counted(StoredSearch search, String status) {
        return Integer.parseInt(search.value(
                "SELECT coalesce(sum(jobs), 0) FROM evolution_job_counts WHERE status = '%s'".formatted(status)));
    }

    private static void insert(StoredSearch search, int from, int count) throws SQLException {
        search.database.transaction(session -> {
            for (int i = 0; i < count; i++) {
                session.insert(search.job(from + i, 0, Rows.NOON));
            }
            return null;
        });
    }

    private static Process start(DatabaseUrl url, ExperimentId experiment, String mode, Duration heartbeat, int slots)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                QueueFigures.class.getName(),
                "worker",
                experiment.toString(),
                mode,
                Long.toString(heartbeat.toMillis()),
                Integer.toString(slots));
        builder.environment()
                .putAll(Map.of(
                        "FIGURES_JDBC", url.jdbc(),
                        "FIGURES_USER", String.valueOf(url.user()),
                        "FIGURES_PASSWORD", String.valueOf(url.password())));
        return builder.inheritIO().start();
    }

    private static void work(String[] args) throws InterruptedException {
        DatabaseUrl url = new DatabaseUrl(
                System.getenv("FIGURES_JDBC"), System.getenv("FIGURES_USER"), System.getenv("FIGURES_PASSWORD"));
        ExperimentId experiment = ExperimentId.parse(args[1]);
        boolean holds = args[2].equals("hold");
        Database database = Database.open(url);
        Database.warmUp().join(); // as a worker's is once it has introduced itself
        JobQueue queue = new JobQueue(experiment, InstantSource.system());
        Jobs jobs = new Jobs(database, queue, InstantSource.system());
        String name = "figures-" + ProcessHandle.current().pid();
        AtomicInteger numbers = new AtomicInteger((int) (ProcessHandle.current().pid() % 1_000) * 1_000_000);
        CountDownLatch never = new CountDownLatch(1);
        queue.consume(
                database,
                name,
                Integer.parseInt(args[4]),
                Duration.ofMillis(Long.parseLong(args[3])),
                new JobQueue.Consumer() {
                    @Override
                    public JobQueue.Handled handle(JobId id) {
                        EvolutionJob job = jobs.claim(id, name, "prepare").orElseThrow();
                        if (holds) {
                            hold(never);
                        }
                        jobs.succeed(id, job.attempt(), result(job, numbers.incrementAndGet()));
                        return JobQueue.Handled.ENDED;
                    }

                    @Override
                    public boolean lost(JobId job, JobQueue.Entry entry) {
                        jobs.lost(job, entry);
                        return true;
                    }
                });
        never.await();
    }

    private static JobResult result(EvolutionJob job, int number) {
        return new JobResult(
                Rows.card(Objects.requireNonNull(job.experiment()), job, number),
                List.of(new Measurement("score", number, null, Direction.MAXIMIZE, Map.of())),
                JobArtifacts.Paths.NONE,
                null);
    }

    private static void hold(CountDownLatch never) {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
