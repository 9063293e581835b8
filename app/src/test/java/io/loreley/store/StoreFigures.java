package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.IslandKey;
import io.loreley.domain.JobArtifacts;
import io.loreley.domain.JobId;
import io.loreley.domain.Measurement;
import io.loreley.mapelites.GridArchive;
import io.loreley.mapelites.GridSettings;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Traits;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * How fast the store is, on the embedded server as users have it, durable: lines of {@code name value unit}, each the
 * median of several runs.
 *
 * <p>{@code StoreFigures [jobs [folder]]}: the number of rows that jobs and cards are measured with, a million by default;
 * and where the server lives, which is kept, so that a second run starts faster.
 */
public final class StoreFigures {

    private static final int RUNS = 5;
    private static final int CALLS = 101;
    private static final int DIMENSIONS = 4;
    private static final int HISTORY = 4_096;
    private static final int EMBEDDING = 1_536;

    private StoreFigures() {}

    public static void main(String[] args) {
        int jobs = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        Path folder = Path.of(args.length > 1 ? args[1] : "target/figures-postgres");
        var postgres = new EmbeddedPostgres(folder, new ProcessRunner());
        DatabaseUrl server = postgres.open();
        try (Database database = fresh(server)) {
            measure(new StoredSearch(database), jobs);
        } finally {
            postgres.stop();
        }
    }

    /** Empties the schema, so that runs do not add up. */
    private static Database fresh(DatabaseUrl server) {
        Database database = Database.open(server);
        Inventory.deleteEverything(database);
        return database;
    }

    private static void measure(StoredSearch search, int jobs) {
        cells(search, 10_000);
        cells(search, 100_000);
        history(search);
        search.execute("TRUNCATE map_elites_archive_cells, map_elites_pca_history");
        LargeTables.fill(search, jobs);
        SearchCalls.of(search, jobs)
                .forEach((name, call) -> print("%s.%d-jobs".formatted(name, jobs), 1e3 * median(CALLS, call), "ms"));
        record(search, jobs);
    }

    private static void cells(StoredSearch search, int count) {
        IslandKey island = new IslandKey(search.experiment.id(), "cells-" + count);
        var random = new SplittableRandom(count);
        var grid = GridSettings.uniform(DIMENSIONS, 64);
        List<StoredElite> elites = elites(new GridArchive<>(grid), count, random);
        List<StoredElite> better = elites.stream()
                .map(elite -> new StoredElite(
                        elite.cell(),
                        elite.commit(),
                        elite.objective() + 1,
                        elite.threshold() + 1,
                        elite.measures(),
                        0))
                .toList();
        double[] inserts = new double[RUNS];
        double[] upserts = new double[RUNS];
        for (int run = 0; run < RUNS; run++) {
            search.execute("DELETE FROM map_elites_archive_cells");
            search.execute("VACUUM map_elites_archive_cells");
            inserts[run] = seconds(() -> place(search, island, elites));
            upserts[run] = seconds(() -> place(search, island, better));
        }
        print("store.insert-cells.%d".formatted(count), count / median(inserts), "rows/s");
        print("store.upsert-cells.%d".formatted(count), count / median(upserts), "rows/s");
        print("store.load-cells.%d".formatted(count), median(RUNS, () -> load(search, island, grid)), "s");
    }

    private static List<StoredElite> elites(GridArchive<CommitHash> archive, int count, RandomGenerator random) {
        List<StoredElite> elites = new ArrayList<>();
        while (elites.size() < count) {
            Vector measures =
                    Vector.of(random.doubles(DIMENSIONS).map(x -> x * 0.999).toArray());
            CommitHash commit = Rows.commit(elites.size());
            long cell = archive.cellOf(measures);
            if (archive.elite(cell).isEmpty()) {
                archive.place(commit, 1, measures);
                elites.add(new StoredElite(cell, commit, 1, 1, measures, 0));
            }
        }
        return elites;
    }

    private static void place(StoredSearch search, IslandKey island, List<StoredElite> elites) {
        int rows = search.database.transaction(
                session -> session.doReturningWork(connection -> new IslandRows(connection, island).place(elites, 1)));
        if (rows != elites.size()) {
            throw new IllegalStateException("%d of %d cells were written".formatted(rows, elites.size()));
        }
    }

    /** Until the next commit could be placed, and a parent drawn. */
    private static void load(StoredSearch search, IslandKey island, GridSettings grid) {
        var archive = new GridArchive<CommitHash>(grid);
        for (StoredElite elite : search.archives.load(island).elites()) {
            archive.restore(elite.commit(), elite.objective(), elite.measures(), elite.threshold());
        }
        if (archive.elites().isEmpty()) {
            throw new IllegalStateException("no elite was read");
        }
    }

    private static void history(StoredSearch search) {
        IslandKey island = new IslandKey(search.experiment.id(), "history");
        var random = new SplittableRandom(HISTORY);
        search.database.transaction(session -> {
            session.doWork(connection -> {
                IslandRows rows = new IslandRows(connection, island);
                for (int number = 0; number < HISTORY; number++) {
                    Vector embedding = Vector.of(random.doubles(EMBEDDING).toArray());
                    rows.remember(new Observation(Rows.commit(number), Traits.of(embedding), 1, "hash"), number);
                }
            });
            return null;
        });
        Archives archives = new Archives(search.database, search.clock, HISTORY);
        print(
                "store.load-history.%dx%d".formatted(HISTORY, EMBEDDING),
                median(RUNS, () -> {
                    if (archives.load(island).history().size() != HISTORY) {
                        throw new IllegalStateException("the history is not whole");
                    }
                }),
                "s");
    }

    /** One success: job, card, ten metrics and artifacts. */
    private static void record(StoredSearch search, int jobs) {
        List<Measurement> metrics = IntStream.range(0, 10)
                .mapToObj(i -> new Measurement("metric-" + i, i, null, Direction.MAXIMIZE, Map.of("runs", 3)))
                .toList();
        var paths = new JobArtifacts.Paths("a/p", "a/r", "a/j", "a/c", "a/o", "a/e", "a/s", "a/l");
        double[] seconds = new double[CALLS];
        for (int i = 0; i < CALLS; i++) {
            int number = jobs + i;
            JobId job = search.pending(number);
            search.execute("UPDATE evolution_jobs SET status = 'QUEUED' WHERE id = '%s'".formatted(job));
            search.claim(job);
            JobResult result = new JobResult(search.result(job, number).card(), metrics, paths, "a plan");
            seconds[i] = seconds(() -> {
                if (!search.jobs.succeed(job, 1, result)) {
                    throw new IllegalStateException("job %s is not ours".formatted(job));
                }
            });
        }
        print("store.record-job.%d-jobs".formatted(jobs), 1e3 * median(seconds), "ms");
    }

    private static double median(int runs, Runnable work) {
        seconds(work);
        double[] seconds = new double[runs];
        for (int run = 0; run < runs; run++) {
            seconds[run] = seconds(work);
        }
        return median(seconds);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static void print(String name, double value, String unit) {
        System.out.printf("%s %.4g %s%n", name.startsWith("store.") ? name : "store." + name, value, unit);
    }
}
