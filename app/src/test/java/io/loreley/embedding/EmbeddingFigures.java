package io.loreley.embedding;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.Repository;
import io.loreley.git.Hub;
import io.loreley.git.Source;
import io.loreley.process.ProcessRunner;
import io.loreley.store.Database;
import io.loreley.store.EmbeddedPostgres;
import io.loreley.store.EmbeddingStore;
import io.loreley.store.Inventory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What it costs to embed a large repository for the first time, and then one commit of it after another, with the hashing
 * embedder, on the embedded server as users have it: lines of {@code name value unit}.
 *
 * <p>{@code EmbeddingFigures folder [files …]}: the numbers of files, 1,000, 11,404 and 100,000 by default. Repositories are
 * made in the folder where they are not there yet.
 */
public final class EmbeddingFigures {

    private static final int COMMITS = 60;
    /** What the compiler needs to see before it is warm. */
    private static final int WARM_UP = 20;

    private static final EmbeddingSettings SETTINGS = new EmbeddingSettings(
            EmbeddingKind.HASHING, "model", null, 32, List.of(), List.of(), List.of(), 512, true, 80, 256);

    private EmbeddingFigures() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]).toAbsolutePath();
        int[] sizes = args.length > 1
                ? Arrays.stream(args).skip(1).mapToInt(Integer::parseInt).toArray()
                : new int[] {1_000, 11_404, 100_000};
        try (ProcessRunner processes = new ProcessRunner()) {
            var postgres = new EmbeddedPostgres(Files.createDirectories(folder.resolve("server")), processes);
            try (Database database = Database.open(postgres.open())) {
                Inventory.deleteEverything(database);
                for (int files : sizes) {
                    measure(repository(folder, files), files, folder, processes, database);
                }
            } finally {
                postgres.stop();
            }
        }
    }

    private static Path repository(Path folder, int files) throws IOException, InterruptedException {
        Path repository = folder.resolve("repository-" + files);
        if (!Files.exists(repository.resolve("HEAD"))) {
            LargeRepository.make(Files.createDirectories(repository), files, COMMITS);
        }
        return repository;
    }

    private static void measure(Path repository, int files, Path folder, ProcessRunner processes, Database database) {
        try (Hub hub = Hub.open(folder.resolve("hub-" + files), processes)) {
            CommitHash newest = hub.fetch(new Source.GitSource(repository.toString(), repository, ""), "main");
            List<CommitHash> commits = new ArrayList<>(List.of(newest));
            while (commits.size() <= COMMITS) {
                commits.add(hub.info(commits.getLast()).parents().getFirst());
            }
            CommitHash root = commits.removeLast();
            RepositoryEmbedder embedder = new RepositoryEmbedder(
                    SETTINGS,
                    hub,
                    new EmbeddingStore(database),
                    new HashingEmbedder(SETTINGS.dimensions()),
                    experiment(database),
                    "",
                    root);
            print("bootstrap.%d-files".formatted(files), seconds(() -> embedder.embed(root)), "s");
            double[] each = commits.reversed().stream()
                    .mapToDouble(commit -> seconds(() -> embedder.embed(commit)))
                    .skip(WARM_UP)
                    .sorted()
                    .toArray();
            print("ingest-4-changed.%d-files".formatted(files), 1e3 * each[each.length / 2], "ms");
        }
    }

    private static ExperimentId experiment(Database database) {
        UUID repository = UUID.randomUUID();
        ExperimentId id = new ExperimentId(UUID.randomUUID());
        database.transaction(session -> {
            var owner = new Repository(repository, "example.org/" + repository, null, "/a", Map.of());
            session.insert(owner);
            session.insert(new io.loreley.domain.Experiment(id, owner, "hash", "figures", Map.of(), "active"));
            return null;
        });
        return id;
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static void print(String name, double value, String unit) {
        System.out.printf("embedding.%s %.4g %s%n", name, value, unit);
    }
}
