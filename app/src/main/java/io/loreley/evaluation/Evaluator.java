package io.loreley.evaluation;

import java.nio.file.Path;

/** Measures a commit. Used by several threads at once, each with a checkout of its own. */
public interface Evaluator {

    /**
     * Measures a commit.
     *
     * @param checkout where it is checked out, clean, before each measurement
     * @param scratch an existing folder outside the checkout, kept as the attempt's artifacts
     * @throws io.loreley.domain.LoreleyException with kind EVALUATOR_CRASH, EVALUATOR_TIMEOUT, EVALUATOR_OUTPUT or
     *     OBJECTIVE_MISSING, naming the cause
     * @throws InterruptedException if the work was told to stop; no process of the evaluator is left by then
     */
    Evaluation evaluate(Candidate candidate, Checkout checkout, Path scratch) throws InterruptedException;
}
