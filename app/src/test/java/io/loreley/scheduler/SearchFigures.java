package io.loreley.scheduler;

import io.loreley.domain.CommitHash;
import io.loreley.embedding.HashingEmbedder;
import io.loreley.mapelites.Elite;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Traits;
import io.loreley.mapelites.sampling.BaseChoice;
import io.loreley.mapelites.sampling.Draw;
import io.loreley.store.Observation;
import io.loreley.store.StoredIsland;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Measures what resolution, archive and strategy make of the same number of evaluations, on two problems whose solutions
 * are lines of numbers: the same islands, embedder and sampler as a run has, without jobs, git or database. An agent is a
 * random edit of a few numbers, or a mixture with an inspiration, polished a little. Prints a line a setting: the median of
 * the best objective over the seeds, its quartiles, and the share of seeds in which it beats the first setting's.
 *
 * <p>{@code SearchFigures [seeds [evaluations …]]}
 */
final class SearchFigures {

    private static final int EMBEDDING = 256;
    private static final double SMALL_EDIT = 0.1;
    private static final double POLE = 2;
    private static final Instant NOON = Instant.EPOCH;

    private final PrintStream out;
    private final int seeds;

    private SearchFigures(PrintStream out, int seeds) {
        this.out = out;
        this.seeds = seeds;
    }

    public static void main(String[] arguments) {
        int seeds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30;
        int[] evaluations = arguments.length > 1
                ? Arrays.stream(arguments).skip(1).mapToInt(Integer::parseInt).toArray()
                : new int[] {100, 1000};
        SearchFigures figures = new SearchFigures(System.out, seeds);
        for (Problem problem : List.of(new Circles(), new Ripples())) {
            for (int budget : evaluations) {
                figures.resolutions(problem, budget);
                figures.strategies(problem, budget);
            }
        }
    }

    private void resolutions(Problem problem, int budget) {
        SearchSettings ranked = settings(2, 2, BaseChoice.RANK);
        double[] reference = run(problem, budget, ranked, 8);
        for (int cells : new int[] {1, 2, 3, 4, 6, 8, 12, 16, 32}) {
            // One cell is hill climbing: what diversity has to beat.
            double[] best = cells == 8 ? reference : run(problem, budget, ranked, cells);
            print(problem, budget, "grid %dx%d rank".formatted(cells, cells), best, reference);
        }
        for (int cells : new int[] {16, 64, 256}) {
            double[] best = run(problem, budget, settings(cells, 4, BaseChoice.RANK), 0);
            print(problem, budget, "cvt %d of 4 axes rank".formatted(cells), best, reference);
        }
    }

    private void strategies(Problem problem, int budget) {
        double[] reference = run(problem, budget, settings(2, 2, BaseChoice.RANK), 8);
        for (BaseChoice choice : List.of(BaseChoice.UNIFORM, BaseChoice.CURIOSITY, BaseChoice.MIXED)) {
            for (int cells : new int[] {4, 8}) {
                double[] best = run(problem, budget, settings(2, 2, choice), cells);
                print(problem, budget, "grid %dx%d %s".formatted(cells, cells, choice.word()), best, reference);
            }
        }
    }

    /** @param grid cells along each axis; 0 for the tessellation of the settings */
    private double[] run(Problem problem, int budget, SearchSettings settings, int grid) {
        return IntStream.range(0, seeds)
                .parallel()
                .mapToDouble(seed -> {
                    SearchSettings own = grid == 0 ? tessellation(settings, seed) : grid(settings, grid, seed);
                    return new Trial(problem, own, seed).best(budget);
                })
                .toArray();
    }

    private static SearchSettings grid(SearchSettings settings, int grid, long seed) {
        // A grid of one cell is refused by the settings of users; two rows of one axis are the nearest thing.
        return grid == 1
                ? new SearchSettings(
                        seed,
                        4,
                        3,
                        List.of("constant from 0 to 1"),
                        2,
                        ArchiveKind.GRID,
                        2,
                        2,
                        1,
                        50,
                        2,
                        settings.strategy(),
                        1,
                        3,
                        32,
                        4096,
                        List.of(),
                        false)
                : new SearchSettings(
                        seed,
                        4,
                        3,
                        settings.measures(),
                        settings.dimensions(),
                        ArchiveKind.GRID,
                        grid,
                        2,
                        1,
                        50,
                        2,
                        settings.strategy(),
                        1,
                        3,
                        32,
                        4096,
                        List.of(),
                        false);
    }

    private static SearchSettings tessellation(SearchSettings settings, long seed) {
        return new SearchSettings(
                seed,
                4,
                3,
                settings.measures(),
                settings.dimensions(),
                ArchiveKind.CVT,
                2,
                settings.cells(),
                1,
                50,
                2,
                settings.strategy(),
                1,
                3,
                32,
                4096,
                List.of(),
                false);
    }

    private static SearchSettings settings(int cells, int dimensions, BaseChoice choice) {
        return new SearchSettings(
                0,
                4,
                3,
                List.of("learned"),
                dimensions,
                ArchiveKind.CVT,
                2,
                cells,
                1,
                50,
                2,
                choice,
                1,
                3,
                32,
                4096,
                List.of(),
                false);
    }

    private void print(Problem problem, int budget, String what, double[] best, double[] first) {
        double[] sorted = best.clone();
        Arrays.sort(sorted);
        double wins = 0;
        for (int i = 0; i < best.length; i++) {
            wins += best[i] > first[i] ? 1 : best[i] == first[i] ? 0.5 : 0;
        }
        out.printf(
                Locale.ROOT,
                "%s %d %-26s median %.5f quartiles %.5f %.5f wins %.2f%n",
                problem.name(),
                budget,
                what,
                sorted[sorted.length / 2],
                sorted[sorted.length / 4],
                sorted[sorted.length * 3 / 4],
                wins / best.length);
        out.flush();
    }

    /** One search. */
    private static final class Trial {

        private final Problem problem;
        private final SearchSettings settings;
        private final Island island;
        private final HashingEmbedder embedder = new HashingEmbedder(EMBEDDING);
        private final Map<CommitHash, double[]> solutions = new HashMap<>();
        private final SplittableRandom random;
        private final double[] origin;
        private double best = Double.NEGATIVE_INFINITY;
        private int number;

        Trial(Problem problem, SearchSettings settings, long seed) {
            this.problem = problem;
            this.settings = settings;
            this.island = Island.restore(
                    settings,
                    new StoredIsland(null, Island.centroids(settings), List.of(), List.of()),
                    Contest.strict(new CommitHash("0".repeat(40))));
            this.random = new SplittableRandom(seed + 1000);
            this.origin = embedder.embed(List.of(problem.text(problem.root())))
                    .getFirst()
                    .toArray();
        }

        double best(int budget) {
            double[] root = problem.root();
            offer(root);
            for (int draw = 0; draw < budget; draw++) {
                if (draw < settings.seeds()) {
                    offer(problem.changed(root, List.of(), random));
                } else {
                    Draw<CommitHash> drawn = island.draw(Set.of(), random).orElseThrow();
                    CommitHash base = drawn.base().solution();
                    island.curiosity().drawn(base);
                    List<double[]> inspirations = drawn.inspirations().stream()
                            .map(Elite::solution)
                            .map(this::solution)
                            .toList();
                    if (offer(problem.changed(solution(base), inspirations, random))) {
                        island.curiosity().improved(base);
                    }
                }
            }
            return best;
        }

        private double[] solution(CommitHash commit) {
            double[] known = solutions.get(commit);
            if (known == null) {
                throw new IllegalStateException("a commit that nobody made");
            }
            return known;
        }

        private boolean offer(double[] solution) {
            CommitHash commit = new CommitHash("%040x".formatted(++number));
            solutions.put(commit, solution);
            double objective = problem.objective(solution);
            best = Math.max(best, objective);
            boolean constant = settings.measures().getFirst().startsWith("constant");
            Traits traits =
                    constant ? new Traits(Vector.of(), Vector.of(0.1)) : Traits.of(displaced(problem.text(solution)));
            Island.Offer offer = island.offer(new Observation(commit, traits, objective, "hashing"), NOON);
            return !(offer.placement() instanceof io.loreley.mapelites.Placement.Rejected<CommitHash>);
        }

        /** As a run places a commit: by how its files differ from the root's, drawn in, beside a pole. */
        private Vector displaced(String text) {
            double[] values = embedder.embed(List.of(text)).getFirst().toArray();
            double[] lifted = new double[values.length + 1];
            double squared = 0;
            for (int i = 0; i < values.length; i++) {
                lifted[i] = values[i] - origin[i];
                squared += lifted[i] * lifted[i];
            }
            double distance = Math.sqrt(squared);
            for (int i = 0; distance > 0 && i < values.length; i++) {
                lifted[i] *= Math.log1p(distance / SMALL_EDIT) / distance;
            }
            lifted[values.length] = POLE;
            return Vector.of(lifted);
        }
    }

    /** Something to search for, and who changes it. */
    private interface Problem {

        String name();

        double[] root();

        double objective(double[] solution);

        double[] changed(double[] base, List<double[]> inspirations, SplittableRandom random);

        /** The file that a commit would hold. */
        default String text(double[] solution) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < solution.length; i++) {
                text.append(String.format(Locale.ROOT, "%.4f", solution[i])).append(i % 2 == 1 ? '\n' : ' ');
            }
            return text.toString();
        }

        /** Accepts small random steps that improve. */
        default double[] polished(double[] solution, double step, int steps, SplittableRandom random) {
            double[] best = solution;
            double value = objective(best);
            for (int i = 0; i < steps; i++) {
                double[] tried = best.clone();
                tried[random.nextInt(tried.length)] += step * random.nextGaussian();
                double other = objective(tried);
                if (other > value) {
                    value = other;
                    best = tried;
                }
            }
            return best;
        }

        /** Pairs of numbers from here or there. */
        default double[] mixed(double[] one, double[] other, SplittableRandom random) {
            double[] child = one.clone();
            for (int i = 0; i + 1 < child.length; i += 2) {
                if (random.nextInt(3) == 0) {
                    child[i] = other[i];
                    child[i + 1] = other[i + 1];
                }
            }
            return child;
        }
    }

    /** 26 centres in the unit square; the objective is the sum of the radii that the circles grow to one after another. */
    private record Circles() implements Problem {

        private static final int COUNT = 26;

        @Override
        public String name() {
            return "circles";
        }

        @Override
        public double[] root() {
            double[] centres = new double[2 * COUNT];
            for (int i = 0; i < COUNT; i++) {
                int row = i / 6;
                centres[2 * i] = (i % 6 + 0.5) / 6;
                centres[2 * i + 1] = (row + 0.5) / 5;
            }
            return centres;
        }

        @Override
        public double objective(double[] centres) {
            double[] radii = new double[COUNT];
            for (int i = 0; i < COUNT; i++) {
                double x = centres[2 * i];
                double y = centres[2 * i + 1];
                double room = Math.min(Math.min(x, 1 - x), Math.min(y, 1 - y));
                for (int j = 0; j < COUNT; j++) {
                    if (j != i) {
                        double distance = Math.hypot(x - centres[2 * j], y - centres[2 * j + 1]);
                        room = Math.min(room, j < i ? distance - radii[j] : distance / 2);
                    }
                }
                radii[i] = Math.max(0, room);
            }
            return Arrays.stream(radii).sum();
        }

        @Override
        public double[] changed(double[] base, List<double[]> inspirations, SplittableRandom random) {
            double[] child = base.clone();
            if (!inspirations.isEmpty() && random.nextInt(4) == 0) {
                child = mixed(base, inspirations.get(random.nextInt(inspirations.size())), random);
            } else {
                int moved = 1 + random.nextInt(3);
                for (int i = 0; i < moved; i++) {
                    int circle = random.nextInt(COUNT);
                    child[2 * circle] = random.nextDouble(0.02, 0.98);
                    child[2 * circle + 1] = random.nextDouble(0.02, 0.98);
                }
            }
            return polished(child, 0.02, 150, random);
        }
    }

    /** Rastrigin's function in 20 dimensions, upside down: a bowl full of ripples, best at 0, where it is 0. */
    private record Ripples() implements Problem {

        private static final int COUNT = 20;

        @Override
        public String name() {
            return "ripples";
        }

        @Override
        public double[] root() {
            double[] point = new double[COUNT];
            Arrays.fill(point, 3.3);
            return point;
        }

        @Override
        public double objective(double[] point) {
            double sum = 0;
            for (double x : point) {
                sum -= x * x + 10 * (1 - Math.cos(2 * Math.PI * x));
            }
            return sum;
        }

        @Override
        public double[] changed(double[] base, List<double[]> inspirations, SplittableRandom random) {
            double[] child = base.clone();
            if (!inspirations.isEmpty() && random.nextInt(4) == 0) {
                child = mixed(base, inspirations.get(random.nextInt(inspirations.size())), random);
            } else {
                List<Integer> axes = new ArrayList<>();
                for (int i = 0; i <= random.nextInt(3); i++) {
                    axes.add(random.nextInt(COUNT));
                }
                for (int axis : axes) {
                    child[axis] += 1.2 * random.nextGaussian();
                }
            }
            return polished(child, 0.1, 30, random);
        }
    }
}
