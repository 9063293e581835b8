/**
 * One tick: ingest, seed, draw, dispatch, finish. Begin with {@link io.loreley.scheduler.SearchSettings}.
 */
@NullMarked
package io.loreley.scheduler;

import org.jspecify.annotations.NullMarked;
