package io.loreley.examples.packing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/// Measures what the agent reaches without Loreley: two workers, a real repository, a fresh process for each agent and
/// each evaluator, and a small pool of the best different packings in the archive's place. One line a seed; a
/// seed ends early at the last mark, the best value known.
///
/// Arguments, all optional: seconds a seed (120), seeds (10), polish time of a job (2s).
final class TenSeeds {

    private static final int WORKERS = 2;
    private static final int POOL = 16;
    private static final int INSPIRATIONS = 2;
    private static final double[] MARKS = {2.60, 2.63, 2.634292, 2.635863, 2.635983};

    private final Path folder;
    private final double seconds;
    private final String polish;
    private final SplittableRandom random;
    private final List<Elite> pool = new ArrayList<>();
    private final double[] reached = new double[MARKS.length];
    private final long start = System.nanoTime();
    private double first;
    private int jobs;

    private record Elite(String commit, double sum) {}

    private TenSeeds(Path folder, double seconds, String polish, long seed) {
        this.folder = folder;
        this.seconds = seconds;
        this.polish = polish;
        random = new SplittableRandom(seed);
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 120;
        int seeds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        String polish = args.length > 2 ? args[2] : "2s";
        System.out.println("seed jobs first best, then seconds to 2.60 2.63 2.634292 2.635863 2.635983");
        for (int seed = 1; seed <= seeds; seed++) {
            Path folder = Files.createTempDirectory("ten-seeds");
            try {
                System.out.println(seed + " " + new TenSeeds(folder, seconds, polish, seed).run());
            } finally {
                delete(folder);
            }
        }
    }

    private String run() throws IOException, InterruptedException {
        Path origin = Files.createDirectory(folder.resolve("origin"));
        Files.copy(Path.of("packing", Packing.FILE), origin.resolve(Packing.FILE));
        Programs.git(origin, "init", "--quiet");
        Programs.git(origin, "add", ".");
        Programs.git(origin, "commit", "--quiet", "-m", "Start from a grid");
        pool.add(new Elite(Programs.git(origin, "rev-parse", "HEAD"), 0));
        for (int i = 0; i < WORKERS; i++) {
            Programs.git(
                    origin,
                    "worktree",
                    "add",
                    "--quiet",
                    "--detach",
                    workTree(i).toString());
        }
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < WORKERS; i++) {
                int worker = i;
                workers.execute(() -> work(worker));
            }
        }
        StringBuilder line = new StringBuilder(
                "%4d %.6f %.9f ".formatted(jobs, first, pool.getFirst().sum()));
        for (double moment : reached) {
            line.append(moment > 0 ? " %6.1f".formatted(moment) : "      -");
        }
        return line.toString();
    }

    private void work(int worker) {
        try {
            while (elapsed() < seconds && !reachedAll()) {
                job(worker);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void job(int worker) throws IOException, InterruptedException {
        Path workTree = workTree(worker);
        Path request = folder.resolve("request" + worker);
        Path result = folder.resolve("result" + worker);
        List<Elite> drawn = draw();
        Programs.git(
                workTree, "checkout", "--quiet", "--detach", drawn.getFirst().commit());
        Files.writeString(request, request(drawn).text());
        Programs.Ended packed = Programs.pack(workTree, request, result, polish);
        Programs.Ended evaluated = Programs.evaluate(workTree, result);
        if (packed.exitCode() != 0 || evaluated.exitCode() != 0) {
            System.out.println("failed: " + packed + evaluated);
            return;
        }
        Programs.git(workTree, "commit", "--quiet", "--allow-empty", "-am", "Job");
        double sum = Packing.read(workTree.resolve(Packing.FILE)).sumOfRadii().doubleValue();
        place(new Elite(Programs.git(workTree, "rev-parse", "HEAD"), sum));
    }

    /// The better of two as the base, then any as inspirations.
    private synchronized List<Elite> draw() {
        List<Elite> drawn = new ArrayList<>();
        int either = random.nextInt(pool.size());
        int other = random.nextInt(pool.size());
        drawn.add(pool.get(Math.min(either, other)));
        for (int i = 0; i < INSPIRATIONS; i++) {
            drawn.add(pool.get(random.nextInt(pool.size())));
        }
        return drawn;
    }

    private synchronized Json.Obj request(List<Elite> drawn) {
        List<Json> inspirations = new ArrayList<>();
        for (Elite elite : drawn.subList(1, drawn.size())) {
            inspirations.add(Json.object().with("commit", elite.commit()));
        }
        return Json.object()
                .with("seed", random.nextInt())
                .with("time_limit_seconds", 30)
                .with("inspirations", new Json.Arr(inspirations));
    }

    private synchronized void place(Elite elite) {
        jobs++;
        if (jobs == 1) {
            first = elite.sum();
        }
        for (int i = 0; i < MARKS.length; i++) {
            if (reached[i] == 0 && elite.sum() >= MARKS[i]) {
                reached[i] = elapsed();
            }
        }
        if (pool.stream().noneMatch(other -> Math.abs(other.sum() - elite.sum()) < 1e-7)) {
            pool.add(elite);
            pool.sort(Comparator.comparingDouble(Elite::sum).reversed());
            pool.subList(Math.min(POOL, pool.size()), pool.size()).clear();
        }
    }

    private synchronized boolean reachedAll() {
        return reached[MARKS.length - 1] > 0;
    }

    private Path workTree(int worker) {
        return folder.resolve("worker" + worker);
    }

    private double elapsed() {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
