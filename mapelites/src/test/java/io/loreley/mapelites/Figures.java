package io.loreley.mapelites;

import io.loreley.mapelites.projection.BehaviourSpace;
import io.loreley.mapelites.projection.ProjectionSettings;
import io.loreley.mapelites.sampling.BaseChoice;
import io.loreley.mapelites.sampling.Sampler;
import io.loreley.mapelites.sampling.SamplerSettings;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Measures what the archive, the sampler and the projection cost, and prints a line {@code name value unit} for each. */
final class Figures {

    private static final int ROUNDS = 9;
    private static final int CANDIDATES = 1_000_000;

    private final PrintStream out;

    private Figures(PrintStream out) {
        this.out = out;
    }

    /** With an argument, placing alone, under that name. */
    public static void main(String[] arguments) {
        Figures figures = new Figures(System.out);
        if (arguments.length > 0) {
            figures.placing(arguments[0]);
            return;
        }
        figures.placing("place");
        figures.memory();
        figures.drawing();
        figures.fitting();
    }

    private void placing(String name) {
        List<Vector> measures = points(CANDIDATES, 4);
        double[] objectives = new SplittableRandom(2).doubles(CANDIDATES).toArray();
        double seconds = median(() -> {
            Archive<Integer> archive = new GridArchive<>(GridSettings.uniform(4, 32));
            for (int i = 0; i < CANDIDATES; i++) {
                archive.place(i, objectives[i], measures.get(i));
            }
            return archive;
        });
        print(name, CANDIDATES / seconds / 1e6, "M/s");
    }

    private void memory() {
        long before = used();
        Archive<Integer> archive = new GridArchive<>(GridSettings.uniform(4, 32));
        RandomGenerator random = new SplittableRandom(1);
        for (int i = 0; i < CANDIDATES; i++) {
            archive.place(i, random.nextDouble(), point(random, 4));
        }
        print("memory", (used() - before) / 1024.0 / 1024.0, "MiB");
        print("memory_cells", archive.statistics().elites(), "cells");
    }

    private void drawing() {
        Archive<Integer> archive = new GridArchive<>(GridSettings.uniform(4, 32));
        RandomGenerator random = new SplittableRandom(1);
        for (int i = 0; archive.elites().size() < 100_000; i++) {
            archive.place(i, random.nextDouble(), point(random, 4));
        }
        Sampler<Integer> sampler = new Sampler<>(SamplerSettings.of(BaseChoice.MIXED));
        int draws = 1000;
        double seconds = median(() -> {
            for (int i = 0; i < draws; i++) {
                sampler.draw(archive, Set.of(), random);
            }
            return sampler;
        });
        print("draw", 1000 * seconds / draws, "ms");
    }

    /** The time of one observation that causes a fit to 4,096 embeddings of 1,536 numbers, the rest restored. */
    private void fitting() {
        SequencedMap<Integer, Vector> history = new LinkedHashMap<>();
        RandomGenerator random = new SplittableRandom(1);
        for (int i = 0; i < 4096; i++) {
            history.put(i, embedding(random, 1536));
        }
        ProjectionSettings settings = ProjectionSettings.of(4);
        Vector last = embedding(random, 1536);
        double seconds = median(() -> {
            BehaviourSpace<Integer> space = BehaviourSpace.restore(settings, 1, null, history);
            return space.observe(4096, last).orElseThrow();
        });
        print("pca_4096x1536_4", 1000 * seconds, "ms");
    }

    /** A spectrum as that of text embeddings: the variance of direction i falls with 1/i. */
    private static Vector embedding(RandomGenerator random, int length) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = 0.2 + random.nextGaussian() / Math.sqrt(i + 1);
        }
        return Vector.of(values);
    }

    private static List<Vector> points(int count, int dimensions) {
        RandomGenerator random = new SplittableRandom(1);
        List<Vector> points = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            points.add(point(random, dimensions));
        }
        return points;
    }

    private static Vector point(RandomGenerator random, int dimensions) {
        return Vector.of(random.doubles(dimensions).toArray());
    }

    private static double median(Supplier<Object> work) {
        double[] seconds = new double[ROUNDS];
        int sink = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            sink += System.identityHashCode(work.get());
            seconds[round] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(seconds);
        return sink == 42 ? 0 : seconds[ROUNDS / 2];
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void print(String name, double value, String unit) {
        out.printf("%s %.3f %s%n", name, value, unit);
    }
}
