package io.loreley.evaluation;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Spread;
import io.loreley.process.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * Measures a candidate several times, each time from a clean checkout and under another seed, and makes one value of many. The first artifacts lie
 * where those of a single measurement would, the others below {@code repeats}. One that may not compete is not measured
 * again.
 */
final class RepeatedEvaluator implements Evaluator {

    private final Evaluator evaluator;
    /** Of the root, whose spread is the noise floor of the search. */
    private static final int ROOT_REPEATS = 5;

    private final int repeats;
    private final boolean isNoisy;
    private final NoiseSettings.Statistic statistic;

    RepeatedEvaluator(Evaluator evaluator, NoiseSettings settings) {
        this.evaluator = evaluator;
        this.repeats = settings.repeats();
        this.isNoisy = settings.confidence() > NoiseSettings.DEFAULT.confidence();
        this.statistic = settings.statistic();
    }

    @Override
    public Evaluation evaluate(Candidate candidate, Checkout checkout, Path scratch) throws InterruptedException {
        boolean isRoot = candidate.base() == null && !candidate.again();
        int times = isRoot && isNoisy ? Math.max(repeats, ROOT_REPEATS) : repeats;
        List<Evaluation> runs = new ArrayList<>();
        for (int run = 0; run < times; run++) {
            Evaluation evaluation = evaluator.evaluate(
                    candidate.withSeed(candidate.seed() + run), checkout, run == 0 ? scratch : folder(scratch, run));
            if (!evaluation.verdict().isAccepted()) {
                return evaluation;
            }
            runs.add(evaluation);
        }
        return together(runs);
    }

    private static Path folder(Path scratch, int run) {
        Path folder = scratch.resolve("repeats").resolve(Integer.toString(run + 1));
        try {
            FileTree.makeFolders(scratch, folder);
            return folder;
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot create the folder " + folder, e);
        }
    }

    private Evaluation together(List<Evaluation> runs) {
        if (runs.size() == 1) {
            return runs.getFirst();
        }
        Map<String, List<Measurement>> values = new LinkedHashMap<>();
        SequencedSet<String> logs = new LinkedHashSet<>();
        for (Evaluation run : runs) {
            run.metrics()
                    .forEach(metric -> values.computeIfAbsent(metric.name(), name -> new ArrayList<>())
                            .add(metric));
            logs.addAll(run.logs());
        }
        Evaluation last = runs.getLast();
        return new Evaluation(
                "%s (%s of %d)".formatted(runs.getFirst().summary(), statistic.word(), runs.size()),
                values.values().stream().map(this::merged).toList(),
                List.copyOf(logs),
                last.verdict(),
                last.feedback());
    }

    private Measurement merged(List<Measurement> measured) {
        List<Double> values = measured.stream().map(Measurement::value).toList();
        return measured.getFirst()
                .measured(
                        statistic.of(values),
                        Spread.pooled(
                                values,
                                measured.stream().map(Measurement::spread).toList()));
    }
}
