package io.loreley.worker;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Limits;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Objective;
import io.loreley.domain.Spread;
import io.loreley.evaluation.Candidate;
import io.loreley.evaluation.Checkout;
import io.loreley.evaluation.Evaluation;
import io.loreley.evaluation.Evaluator;
import io.loreley.process.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the base right after the candidate, in the same place on the same machine, and adds by how much the objective
 * differs: what a machine that grew slower does to both does not count. A base that fails this time costs the comparison,
 * and not the candidate, which is measured and paid for. Safe for many threads.
 */
public final class PairedEvaluator implements Evaluator {

    private static final Logger LOG = LoggerFactory.getLogger(PairedEvaluator.class);

    private static final String SUFFIX = "_vs_base";

    private final Evaluator evaluator;
    private final Objective objective;

    public PairedEvaluator(Evaluator evaluator, Objective objective) {
        this.evaluator = evaluator;
        this.objective = objective;
    }

    @Override
    public Evaluation evaluate(Candidate candidate, Checkout checkout, Path scratch) throws InterruptedException {
        Evaluation evaluation = evaluator.evaluate(candidate, checkout, scratch);
        CommitHash base = candidate.base();
        if (base == null || !evaluation.verdict().isAccepted()) {
            return evaluation;
        }
        Optional<Measurement> before;
        try {
            before = base(candidate, base, checkout, scratch).metric(objective.metric());
        } catch (LoreleyException e) {
            if (e.kind().origin() != FailureKind.Origin.CANDIDATE) {
                throw e;
            }
            LOG.atWarn()
                    .addKeyValue("job", candidate.job())
                    .addKeyValue("commit", base)
                    .addKeyValue("kind", e.kind())
                    .setCause(e)
                    .log("evaluation.base-failed");
            return alone(evaluation, e.kind());
        }
        Optional<Measurement> after = evaluation.metric(objective.metric());
        if (before.isEmpty() || after.isEmpty()) {
            return evaluation;
        }
        Measurement gain = gain(before.get(), after.get());
        List<Measurement> metrics = new ArrayList<>(evaluation.metrics());
        metrics.removeIf(metric -> metric.name().equals(gain.name())); // an evaluator may compare, too
        metrics.add(gain);
        return new Evaluation(
                evaluation.summary(), metrics, evaluation.logs(), evaluation.verdict(), evaluation.feedback());
    }

    private static Evaluation alone(Evaluation evaluation, FailureKind kind) {
        List<String> logs = new ArrayList<>(evaluation.logs());
        logs.add("Not compared with its base, which failed when it was measured again: " + kind);
        return new Evaluation(
                evaluation.summary(), evaluation.metrics(), logs, evaluation.verdict(), evaluation.feedback());
    }

    /** As private as what it is computed from. */
    private Measurement gain(Measurement before, Measurement after) {
        Direction direction = objective.direction();
        return new Measurement(
                Limits.clamp(objective.metric(), Limits.METRIC_NAME - SUFFIX.length()) + SUFFIX,
                direction.oriented(after.value()) - direction.oriented(before.value()),
                null,
                Direction.MAXIMIZE,
                Map.of("base", before.value()),
                Spread.SINGLE,
                before.isPrivate() || after.isPrivate());
    }

    private Evaluation base(Candidate candidate, CommitHash base, Checkout checkout, Path scratch)
            throws InterruptedException {
        Path folder = scratch.resolve("base");
        try {
            FileTree.makeFolders(scratch, folder);
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot create a folder in " + scratch, e);
        }
        return evaluator.evaluate(
                new Candidate(base, null, candidate.job(), candidate.goal(), candidate.seed(), true), checkout, folder);
    }
}
