package io.loreley.worker;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Json;
import io.loreley.domain.LoreleyException;
import io.loreley.evaluation.Candidate;
import io.loreley.evaluation.Checkout;
import io.loreley.evaluation.Evaluation;
import io.loreley.evaluation.EvaluationJson;
import io.loreley.evaluation.Evaluator;
import io.loreley.git.Hub;
import io.loreley.store.Evaluations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures a tree once: another commit with the same files is told what was measured of the first. Failures are not
 * remembered, and a measurement that is asked for again is made again. Safe for many threads.
 */
public final class RememberingEvaluator implements Evaluator {

    private static final Logger LOG = LoggerFactory.getLogger(RememberingEvaluator.class);

    private final Evaluator evaluator;
    private final Hub hub;
    private final Evaluations evaluations;
    private final ExperimentId experiment;
    private final String evaluatorHash;
    private final Patience patience = new Patience();

    /** @param evaluatorHash differs wherever the same tree might be judged otherwise */
    public RememberingEvaluator(
            Evaluator evaluator, Hub hub, Evaluations evaluations, ExperimentId experiment, String evaluatorHash) {
        this.evaluator = evaluator;
        this.hub = hub;
        this.evaluations = evaluations;
        this.experiment = experiment;
        this.evaluatorHash = evaluatorHash;
    }

    @Override
    public Evaluation evaluate(Candidate candidate, Checkout checkout, Path scratch) throws InterruptedException {
        if (candidate.again()) {
            return evaluator.evaluate(candidate, checkout, scratch);
        }
        var subject = new Evaluations.Subject(experiment, hub.treeOf(candidate.commit()), evaluatorHash);
        Optional<Map<String, Object>> known = patience.insist(() -> evaluations.find(subject));
        if (known.isPresent()) {
            LOG.atInfo()
                    .addKeyValue("job", candidate.job())
                    .addKeyValue("commit", candidate.commit())
                    .log("evaluation.known");
            keep(known.get(), scratch);
            return EvaluationJson.read(known.get());
        }
        Evaluation evaluation = evaluator.evaluate(candidate, checkout, scratch);
        patience.insist(() -> evaluations.remember(subject, candidate.job(), EvaluationJson.of(evaluation)));
        return evaluation;
    }

    private static void keep(Map<String, Object> result, Path scratch) {
        try {
            Files.writeString(scratch.resolve("evaluation.json"), Json.write(result) + "\n");
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot write to " + scratch, e);
        }
    }
}
