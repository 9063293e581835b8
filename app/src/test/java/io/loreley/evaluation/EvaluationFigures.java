package io.loreley.evaluation;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.Objective;
import io.loreley.git.CommitMessage;
import io.loreley.git.Hub;
import io.loreley.git.Source;
import io.loreley.git.WorkTree;
import io.loreley.process.ProcessRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** What an evaluation costs besides its program, and the checkout before it: `benchmarks/run evaluation` prints it. */
public final class EvaluationFigures {

    private static final int RUNS = 60;
    private static final int WARM_UP = 20;
    private static final int FILES = 11_404;
    private static final int CHECKOUTS = 10;

    private EvaluationFigures() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("loreley-figures");
        Files.writeString(folder.resolve("evaluate.sh"), "echo '{\"metrics\": {\"score\": 1}}'\n");
        EvaluatorSettings settings =
                new EvaluatorSettings(List.of("sh", "${project}/evaluate.sh"), Duration.ofSeconds(60), 64, List.of());
        try (ProcessRunner runner = new ProcessRunner()) {
            Ground ground = Ground.pinned(
                    settings,
                    folder,
                    EvaluatorFiles.of(settings, folder),
                    folder.resolveSibling(folder.getFileName() + "-pinned"));
            Evaluator evaluator = new Evaluators(
                            ground, System.getenv(), runner, folder.resolve("adapters"), new MachineSlots(folder))
                    .of(settings, new Objective("score", Direction.MAXIMIZE));
            Candidate candidate = new Candidate(new CommitHash("c".repeat(40)), null, "job", "goal", 1);
            Path checkout = Files.createDirectories(folder.resolve("checkout"));
            double[] millis = new double[RUNS];
            for (int run = -WARM_UP; run < RUNS; run++) {
                long start = System.nanoTime();
                evaluator.evaluate(candidate, commit -> checkout, Files.createDirectories(folder.resolve("scratch")));
                if (run >= 0) {
                    millis[run] = (System.nanoTime() - start) / 1e6;
                }
            }
            Arrays.sort(millis);
            System.out.printf("evaluation_of_an_empty_command %.1f ms%n", millis[RUNS / 2]);
            checkout(folder, runner);
        }
    }

    /** Between two commits that differ in four files, in a warm tree. */
    private static void checkout(Path folder, ProcessRunner runner) throws Exception {
        Path files = folder.resolve("files");
        for (int i = 0; i < FILES; i++) {
            Path file = files.resolve("src/p%d/C%d.java".formatted(i % 400, i));
            Files.createDirectories(file.getParent());
            Files.writeString(file, "class C%d {}\n".formatted(i).repeat(40));
        }
        try (Hub hub = Hub.open(folder.resolve("hub.git"), runner)) {
            CommitHash root = hub.fetch(Source.detect(files.toString(), folder, true, runner), "HEAD");
            WorkTree tree = hub.workTree(folder.resolve("slot"));
            tree.reset(root);
            for (int i = 0; i < 4; i++) {
                Files.writeString(tree.root().resolve("src/p%d/C%d.java".formatted(i, i)), "class C {}\n");
            }
            CommitHash candidate =
                    hub.commit(tree.snapshot(), root, new CommitMessage("a", "a@b", "change", Instant.EPOCH));
            double[] seconds = new double[CHECKOUTS];
            for (int i = 0; i < CHECKOUTS; i++) {
                long start = System.nanoTime();
                tree.reset(i % 2 == 0 ? candidate : root);
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
            Arrays.sort(seconds);
            System.out.printf("checkout_of_a_candidate_among_11404_files %.3f s%n", seconds[CHECKOUTS / 2]);
        }
    }
}
