package io.loreley.domain;

/** What a job is for. */
public enum JobKind {
    /** Evaluates the root commit as it is, with no agent: the first elite and the measure of all others. */
    ROOT,
    /** Starts from the root, without inspirations, to spread the first population. */
    SEED,
    /** Starts from an elite of the archive, with inspirations from its neighbourhood. */
    EVOLVE,
    /** Measures a known commit again, with no agent: its values become surer. */
    REMEASURE,
    /** Measures a best by the hold-out, with no agent; what it says reaches none either. */
    HOLDOUT
}
