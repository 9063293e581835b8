/**
 * The only SQL: sessions, repositories of entities, migrations, the queue and the embedded server.
 *
 * <p>Begin with {@link io.loreley.store.Database}, then {@link io.loreley.store.Jobs}, the one place that moves a job.
 * What belongs together is written in one transaction, and every write of a worker names its attempt. Nothing here
 * decides what to search or whom to ask.
 */
@NullMarked
package io.loreley.store;

import org.jspecify.annotations.NullMarked;
