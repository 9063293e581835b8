/**
 * One tick: ingest, seed, draw, dispatch, finish. Begin with {@link io.loreley.scheduler.SchedulerLoop}, which reads like
 * that line; each duty is a class of its own that answers how much it did.
 *
 * <p>A failure ends the tick, and what is held in memory is read again; nothing counts a failure as zero. Nothing here
 * runs an agent or an evaluator.
 */
@NullMarked
package io.loreley.scheduler;

import org.jspecify.annotations.NullMarked;
