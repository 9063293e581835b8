package io.loreley.scheduler;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.IslandKey;
import io.loreley.domain.Repository;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Traits;
import io.loreley.mapelites.sampling.BaseChoice;
import io.loreley.process.ProcessRunner;
import io.loreley.store.Database;
import io.loreley.store.EmbeddedPostgres;
import io.loreley.store.Inventory;
import io.loreley.store.IslandChange;
import io.loreley.store.IslandUpdate;
import io.loreley.store.Migrant;
import io.loreley.store.MigrationLog;
import io.loreley.store.Observation;
import io.loreley.store.StoredIsland;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * What it costs to lay out an archive of 10,000 elites anew and to store it, on the embedded server as users have it:
 * lines of {@code name value unit}. {@code RebuildFigures folder}.
 */
public final class RebuildFigures {

    private static final int ELITES = 10_000;
    private static final int HISTORY = 20_000;
    private static final int EMBEDDING = 257;
    private static final int RUNS = 5;

    private RebuildFigures() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args[0]).toAbsolutePath());
        try (ProcessRunner processes = new ProcessRunner()) {
            var postgres = new EmbeddedPostgres(folder, processes);
            try (Database database = Database.open(postgres.open())) {
                Inventory.deleteEverything(database);
                measure(database);
            } finally {
                postgres.stop();
            }
        }
    }

    private static void measure(Database database) {
        ExperimentId experiment = experiment(database);
        MigrationLog log = new MigrationLog(database, InstantSource.system(), HISTORY);
        SearchSettings settings = new SearchSettings(
                1,
                4,
                3,
                List.of("learned"),
                4,
                ArchiveKind.GRID,
                32,
                64,
                1,
                50,
                2,
                BaseChoice.RANK,
                1,
                3,
                32,
                HISTORY,
                List.of(),
                false);
        Island island = Island.restore(settings, StoredIsland.EMPTY, Contest.strict(new CommitHash("0".repeat(40))));
        SplittableRandom random = new SplittableRandom(1);
        for (int number = 0; number < HISTORY; number++) {
            Observation seen = observation(number, random);
            long start = System.nanoTime();
            Island.Offer offer = island.offer(seen, Instant.EPOCH);
            double inMemory = (System.nanoTime() - start) / 1e9;
            if (offer.change() instanceof IslandChange.Rebuilt rebuilt
                    && rebuilt.elites().size() >= ELITES) {
                print("elites", rebuilt.elites().size(), "cells");
                print("in-memory", inMemory, "s");
                print("stored", stored(log, experiment, rebuilt), "s");
                return;
            }
        }
        throw new IllegalStateException("no rebuild came to %d elites".formatted(ELITES));
    }

    /** The median of several times, each replacing what the one before wrote; the first is not counted. */
    private static double stored(MigrationLog log, ExperimentId experiment, IslandChange.Rebuilt rebuilt) {
        IslandUpdate update = new IslandUpdate(new IslandKey(experiment, "island-2"), rebuilt);
        Migrant migrant = new Migrant("main", rebuilt.observation().commit(), null, update);
        double[] seconds = new double[RUNS];
        for (int run = 0; run <= RUNS; run++) {
            long start = System.nanoTime();
            log.record(experiment, new MigrationLog.Progress(run, run + 1L), List.of(migrant));
            seconds[Math.max(0, run - 1)] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(seconds);
        return seconds[RUNS / 2];
    }

    private static ExperimentId experiment(Database database) {
        ExperimentId id = new ExperimentId(UUID.randomUUID());
        database.transaction(session -> {
            var owner = new Repository(UUID.randomUUID(), "example.org/rebuild", null, "/a", Map.of());
            session.insert(owner);
            session.insert(new Experiment(id, owner, "hash", "figures", Map.of(), "active"));
            return null;
        });
        return id;
    }

    /** A spectrum as that of embeddings: the variance of direction i falls with 1/i. */
    private static Observation observation(int number, SplittableRandom random) {
        double[] values = new double[EMBEDDING];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian() / Math.sqrt(i + 1);
        }
        return new Observation(
                new CommitHash("%040x".formatted(number + 1)),
                Traits.of(Vector.of(values)),
                random.nextDouble(),
                "hashing");
    }

    private static void print(String name, double value, String unit) {
        System.out.printf("rebuild.%s %.4g %s%n", name, value, unit);
    }
}
