/**
 * One tick: ingest, seed, draw, dispatch, finish. Begin with {@link io.loreley.scheduler.SearchSettings}; what it tells
 * the outside is {@link io.loreley.scheduler.RunEvent} while it runs and
 * {@link io.loreley.scheduler.ExperimentStatus} at any time.
 */
@NullMarked
package io.loreley.scheduler;

import org.jspecify.annotations.NullMarked;
