package io.loreley.web;

import io.loreley.domain.ExperimentId;
import io.loreley.git.Hub;
import io.loreley.process.ProcessRunner;
import io.loreley.store.Database;
import io.loreley.store.EmbeddedPostgres;
import io.loreley.store.Inventory;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How fast the API answers fifty clients at once over 120,000 jobs, 100,000 commits and 50,000 cells: lines of {@code name value
 * unit}. The clients run in this process and share its cores with the server and the database.
 *
 * <p>{@code WebFigures [folder]}: where the database server lives.
 */
public final class WebFigures {

    private static final int CLIENTS = 50;
    /** Until the compilers are done. */
    private static final int WARM_UP = 100;
    /** A pause of the machine meets all clients at once: of fewer calls, it alone would be the last hundredth. */
    private static final int CALLS_EACH = 200;

    private static final ExperimentId EXPERIMENT = new ExperimentId(new UUID(7, 7));

    private WebFigures() {}

    public static void main(String[] args) {
        int exit = 1;
        try {
            fillAndMeasure(args);
            exit = 0;
        } catch (Exception e) {
            e.printStackTrace(System.err);
        }
        System.exit(exit); // threads that a failure left would keep it from being heard
    }

    private static void fillAndMeasure(String[] args) throws Exception {
        Path folder = Path.of(args.length > 0 ? args[0] : "target/web-figures").toAbsolutePath();
        ProcessRunner processes = new ProcessRunner();
        var postgres = new EmbeddedPostgres(folder, processes);
        try (Database database = Database.open(postgres.open());
                Hub hub = Hub.open(folder.resolve("hub.git"), processes)) {
            Inventory.deleteEverything(database);
            long begun = System.nanoTime();
            fill(database);
            System.out.printf("web.filled %.0f s%n", (System.nanoTime() - begun) / 1e9);
            var sources = new WebSources(
                    database,
                    slug -> hub,
                    folder.resolve("artifacts"),
                    folder.resolve("logs"),
                    experiment -> Optional.empty(),
                    new Here(folder),
                    InstantSource.system());
            try (WebServer server = WebServer.start(WebSettings.loopback(0), sources)) {
                PageFigures.measure(server.address() + "e/" + EXPERIMENT);
                measure(server.address() + "api/v1/experiments/" + EXPERIMENT);
            }
        } finally {
            postgres.stop();
        }
    }

    private static void measure(String base) throws Exception {
        Map<String, String> addresses = new LinkedHashMap<>();
        addresses.put("experiment", "");
        addresses.put("status", "/status");
        addresses.put("progress", "/progress");
        addresses.put("jobs", "/jobs?limit=100");
        addresses.put("jobs-failed", "/jobs?status=FAILED&failure=NO_CHANGE&limit=100");
        addresses.put("job", "/jobs/" + uuid(500));
        addresses.put("commits", "/commits?limit=100");
        addresses.put("commit", "/commits/" + hash(500));
        addresses.put("agents", "/agents");
        addresses.put("archive", "/archive");
        addresses.put("map", "/archive/main/map");
        addresses.put("map-shaded", "/archive/main/map?shade=placed");
        addresses.put("square", "/archive/main/map/500");
        addresses.put("growth", "/archive/main/growth");
        addresses.put("cells", "/archive/main/cells?limit=1000");
        addresses.put("cells-best", "/archive/main/cells?order=best&limit=2000");
        addresses.put("pareto", "/pareto?against=seconds");
        addresses.put("lineage", "/lineage");
        addresses.put("lineage-failures", "/lineage?failures=yes");
        for (Map.Entry<String, String> each : addresses.entrySet()) {
            URI address = URI.create(base + each.getValue());
            try (PlainClient first = new PlainClient(address)) {
                long begun = System.nanoTime();
                int bytes = first.get();
                System.out.printf("web.first.%s %.1f ms%n", each.getKey(), (System.nanoTime() - begun) / 1e6);
                System.out.printf("web.zipped.%s %d bytes%n", each.getKey(), bytes);
            }
            p99(address, WARM_UP);
            System.out.printf("web.p99.%s %.1f ms%n", each.getKey(), p99(address, CALLS_EACH));
        }
        Runtime.getRuntime().gc();
        System.out.printf(
                "web.heap %.0f MB%n",
                (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / 1e6);
    }

    /** All are connected before the first call that counts. */
    private static double p99(URI address, int callsEach) throws Exception {
        var times = new ConcurrentLinkedQueue<Double>();
        var connected = new CyclicBarrier(CLIENTS);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> client = () -> {
                try (PlainClient connection = new PlainClient(address)) {
                    connection.get();
                    connected.await();
                    for (int i = 0; i < callsEach; i++) {
                        long begun = System.nanoTime();
                        connection.get();
                        times.add((System.nanoTime() - begun) / 1e6);
                    }
                }
                return callsEach;
            };
            for (Future<Integer> answered : clients.invokeAll(Collections.nCopies(CLIENTS, client))) {
                answered.get();
            }
        }
        List<Double> sorted = times.stream().sorted().toList();
        if (sorted.size() < CLIENTS * callsEach) {
            throw new IllegalStateException("%d of %d calls answered".formatted(sorted.size(), CLIENTS * callsEach));
        }
        return sorted.get(sorted.size() * 99 / 100);
    }

    private static UUID uuid(int number) {
        return new UUID(0, number);
    }

    private static String hash(int number) {
        return "%040x".formatted(number);
    }

    private static void fill(Database database) throws SQLException {
        execute(database, "INSERT INTO repositories (id, slug) VALUES ('%s', 'figures')".formatted(uuid(1)));
        execute(database, """
                INSERT INTO experiments (id, repository_id, config_hash, name, status, config_snapshot) VALUES ('%s', '%s', 'x', 'figures', 'active',
                    '{"goal": "faster", "root": "%s", "objective": {"metric": "score", "direction": "maximize"},
                      "search": {"dimensions": 2, "cells-per-dimension": 256}}')""".formatted(EXPERIMENT, uuid(1), hash(0)));
        execute(database, """
                INSERT INTO evolution_jobs (id, status, kind, base_commit_hash, island_id, experiment_id, goal, draw, scheduled_at, started_at,
                    completed_at, attempt, worker, failure_kind, last_error, result_commit_hash, ingestion_status, ingestion_cell_index,
                    ingestion_last_attempt_at, created_at)
                SELECT lpad(to_hex(n), 32, '0')::uuid, status::job_status, 'EVOLVE', lpad(to_hex(n / 3), 40, '0'), 'main', '%s', 'faster', n, at, at,
                    at + interval '1 minute', 1, 'worker', CASE status WHEN 'FAILED' THEN (ARRAY['NO_CHANGE', 'AGENT_CRASH'])[n %% 2 + 1] END,
                    CASE status WHEN 'FAILED' THEN 'why' END, CASE status WHEN 'SUCCEEDED' THEN lpad(to_hex(n), 40, '0') END,
                    CASE status WHEN 'SUCCEEDED' THEN 'succeeded' END, CASE status WHEN 'SUCCEEDED' THEN (n * 48271::bigint) %% 50000 END,
                    at + interval '2 minutes', at
                FROM (SELECT n, timestamptz '2026-01-01' + n * interval '1 second' AS at, CASE WHEN n %% 6 = 5 THEN 'FAILED' ELSE 'SUCCEEDED' END AS status
                    FROM generate_series(0, 119999) n) drawn""".formatted(EXPERIMENT));
        execute(database, """
                INSERT INTO commit_cards (id, commit_hash, parent_commit_hash, island_id, experiment_id, job_id, author, subject, change_summary, created_at)
                SELECT id, result_commit_hash, CASE WHEN draw > 0 THEN base_commit_hash END, 'main', experiment_id, id, 'Ann',
                    'Make it faster, take ' || draw, 'Unrolled the loop', created_at FROM evolution_jobs WHERE result_commit_hash IS NOT NULL""");
        execute(
                database,
                "INSERT INTO metrics (id, commit_card_id, name, value) SELECT gen_random_uuid(), id, name, random() FROM commit_cards, unnest(ARRAY['score', 'seconds']) AS names (name)");
        execute(database, """
                INSERT INTO map_elites_archive_cells (experiment_id, island_id, cell_index, commit_hash, objective, threshold, measures, timestamp)
                SELECT experiment_id, 'main', row_number() OVER () - 1, commit_hash, random(), 0, ARRAY[random(), random()], extract(epoch FROM created_at)
                FROM commit_cards LIMIT 50000""");
        execute(database, """
                INSERT INTO best_history (experiment_id, objective, commit_hash, draw, found_at)
                SELECT '%s', n, lpad(to_hex(n * 6), 40, '0'), n, now() FROM generate_series(1, 100) n""".formatted(EXPERIMENT));
        execute(database, """
                INSERT INTO job_stages (job_id, attempt, stage, experiment_id, worker, agent, calls, cost_usd, outcome, result, started_at, ended_at)
                SELECT id, 1, named, experiment_id, 'worker', 'coder', 1, 0.01, 'SUCCEEDED', '{}', started_at, completed_at
                FROM evolution_jobs, unnest(ARRAY['CODE', 'EVALUATE']) AS stages (named) WHERE status = 'SUCCEEDED'""");
        execute(database, "VACUUM ANALYZE");
    }

    private static void execute(Database database, String sql) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
