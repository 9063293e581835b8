package io.loreley.worker;

import io.loreley.git.WorkTree;

/**
 * One of a worker's places to work: a warm work tree for the agent, and another, that no agent touches, for the
 * evaluator. Used by one job at a time.
 */
record Slot(WorkTree code, WorkTree evaluate) {}
