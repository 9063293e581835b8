package io.loreley.mapelites;

/**
 * When a candidate enters a cell, and what it must beat there afterwards.
 *
 * <p>A candidate enters if its objective is strictly above the threshold of the cell. With a learning rate of 1 the
 * threshold is the objective of the elite: plain MAP-Elites (Mouret and Clune 2015). A lower rate raises the threshold
 * only part of the way, so that a cell also takes candidates that are worse than its best: the soft archive of CMA-MAE
 * (Fontaine and Nikolaidis 2023). That needs a finite threshold to begin from.
 */
record Acceptance(double learningRate, double minimumThreshold, double qdScoreOffset) {

    Acceptance {
        if (!(learningRate >= 0 && learningRate <= 1)) {
            throw new IllegalArgumentException("learning rate %s is not between 0 and 1".formatted(learningRate));
        }
        if (!(minimumThreshold < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "with a minimum threshold of %s no candidate could ever be placed".formatted(minimumThreshold));
        }
        if (minimumThreshold == Double.NEGATIVE_INFINITY && learningRate != 1) {
            throw new IllegalArgumentException(
                    "a learning rate of %s needs a finite minimum threshold".formatted(learningRate));
        }
        if (!Double.isFinite(qdScoreOffset)) {
            throw new IllegalArgumentException("QD score offset is %s".formatted(qdScoreOffset));
        }
    }

    boolean accepts(double objective, double threshold) {
        return objective > threshold;
    }

    /** What pyribs reports as the value of a candidate. */
    double value(double objective, double threshold) {
        return threshold == Double.NEGATIVE_INFINITY ? objective : objective - threshold;
    }

    /** The threshold of a cell that has just taken a candidate. */
    double raised(double threshold, double objective) {
        return minimumThreshold == Double.NEGATIVE_INFINITY
                ? objective
                : (1 - learningRate) * threshold + learningRate * objective;
    }
}
