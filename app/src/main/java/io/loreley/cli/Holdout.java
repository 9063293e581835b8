package io.loreley.cli;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Objective;
import io.loreley.evaluation.Candidate;
import io.loreley.evaluation.Evaluation;
import io.loreley.evaluation.Evaluator;
import io.loreley.git.WorkTree;
import io.loreley.store.Holdouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for the best elite that passes the hold-out, from the best downwards. What it finds is recorded, and not asked again. */
final class Holdout {

    private static final Logger LOG = LoggerFactory.getLogger(Holdout.class);

    /** Elites looked at: one that is worse than so many which fail is no find either. */
    private static final int CANDIDATES = 10;

    private final Wiring.Opened opened;
    private final Evaluator evaluator;
    private final Objective objective;
    private final Holdouts holdouts;
    private final WorkTree tree;
    private final Path artifacts;

    /**
     * @param objective of the search
     * @param artifacts where outputs are kept
     */
    Holdout(Wiring.Opened opened, Evaluator evaluator, Objective objective, WorkTree tree, Path artifacts) {
        this.opened = opened;
        this.evaluator = evaluator;
        this.objective = objective;
        this.holdouts = new Holdouts(opened.database().dataSource());
        this.tree = tree;
        this.artifacts = artifacts;
    }

    /**
     * What was found.
     *
     * @param passed the best that passes; null if none did
     * @param failed how many better ones failed
     * @param isWhole whether all that had to be measured was
     */
    record Found(@Nullable CommitHash passed, List<CommitHash> failed, boolean isWhole) {
        Found {
            failed = List.copyOf(failed);
        }
    }

    /** @param mayMeasure whether there is time; without, only what is known already counts */
    Found best(boolean mayMeasure) throws InterruptedException {
        List<CommitHash> failed = new ArrayList<>();
        for (Holdouts.Standing standing : holdouts.best(opened.id(), objective, CANDIDATES)) {
            Boolean passed = standing.passed();
            if (passed == null) {
                if (!mayMeasure) {
                    return new Found(null, failed, false);
                }
                passed = measure(standing.commit());
            }
            if (passed) {
                return new Found(standing.commit(), failed, true);
            }
            failed.add(standing.commit());
        }
        return new Found(null, failed, true);
    }

    private boolean measure(CommitHash commit) throws InterruptedException {
        String reason = reasonToFail(commit);
        holdouts.record(opened.id(), commit, reason);
        LOG.atInfo()
                .addKeyValue("commit", commit)
                .addKeyValue("outcome", reason == null ? "passed" : "failed")
                .log("holdout.measured");
        return reason == null;
    }

    private @Nullable String reasonToFail(CommitHash commit) throws InterruptedException {
        try {
            Evaluation evaluation = evaluator.evaluate(
                    new Candidate(commit, null, "holdout", "", 0),
                    measured -> {
                        tree.reset(measured);
                        return tree.folder(opened.source().subfolder());
                    },
                    Files.createDirectories(artifacts.resolve(commit.abbreviated())));
            return evaluation.verdict().isAccepted()
                    ? null
                    : evaluation.verdict().describe();
        } catch (LoreleyException e) {
            return switch (e.kind()) {
                case EVALUATOR_CRASH, EVALUATOR_TIMEOUT, EVALUATOR_OUTPUT, OBJECTIVE_MISSING ->
                    String.valueOf(e.getMessage());
                default -> throw e;
            };
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot create a folder in " + artifacts, e);
        }
    }
}
