package io.loreley.worker;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Limits;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Objective;
import io.loreley.evaluation.Candidate;
import io.loreley.evaluation.Evaluation;
import io.loreley.evaluation.Evaluator;
import io.loreley.git.Hub;
import io.loreley.git.WorkTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures the base right after the candidate, on the same machine, and adds by how much the objective differs: what a
 * machine that grew slower does to both does not count. Safe for many threads.
 */
public final class PairedEvaluator implements Evaluator {

    private static final String SUFFIX = "_vs_base";

    private final Evaluator evaluator;
    private final Hub hub;
    private final Objective objective;
    private final String subfolder;
    private final Path folder;
    private final BlockingQueue<WorkTree> free = new LinkedBlockingQueue<>();
    private final AtomicInteger made = new AtomicInteger();

    /** @param folder where bases are checked out; used by no other worker */
    public PairedEvaluator(Evaluator evaluator, Hub hub, Objective objective, String subfolder, Path folder) {
        this.evaluator = evaluator;
        this.hub = hub;
        this.objective = objective;
        this.subfolder = subfolder;
        this.folder = folder;
    }

    @Override
    public Evaluation evaluate(Candidate candidate, Path checkout, Path scratch) throws InterruptedException {
        Evaluation evaluation = evaluator.evaluate(candidate, checkout, scratch);
        CommitHash base = candidate.base();
        if (base == null || !evaluation.verdict().isAccepted()) {
            return evaluation;
        }
        Evaluation beside = base(candidate, base, scratch);
        if (beside.metric(objective.metric()).isEmpty()) {
            return evaluation;
        }
        Direction direction = objective.direction();
        double before = beside.value(objective.metric());
        double gain = direction.oriented(evaluation.value(objective.metric())) - direction.oriented(before);
        List<Measurement> metrics = new ArrayList<>(evaluation.metrics());
        metrics.add(new Measurement(
                Limits.clamp(objective.metric(), Limits.METRIC_NAME - SUFFIX.length()) + SUFFIX,
                gain,
                null,
                Direction.MAXIMIZE,
                Map.of("base", before)));
        return new Evaluation(
                evaluation.summary(), metrics, evaluation.logs(), evaluation.verdict(), evaluation.feedback());
    }

    private Evaluation base(Candidate candidate, CommitHash base, Path scratch) throws InterruptedException {
        WorkTree idle = free.poll();
        WorkTree tree = idle == null ? hub.workTree(folder.resolve("base-" + made.getAndIncrement())) : idle;
        try {
            tree.reset(base);
            Candidate again = new Candidate(base, null, candidate.job(), candidate.goal(), candidate.seed(), true);
            return evaluator.evaluate(again, tree.folder(subfolder), Files.createDirectories(scratch.resolve("base")));
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot create a folder in " + scratch, e);
        } finally {
            free.add(tree);
        }
    }
}
