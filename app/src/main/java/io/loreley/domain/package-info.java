/**
 * The entities and values of the data model, and the words of the field. Reading begins here.
 *
 * <p>{@link io.loreley.domain.Repository} owns {@link io.loreley.domain.Experiment}s; an experiment owns
 * {@link io.loreley.domain.EvolutionJob}s, the {@link io.loreley.domain.CommitCard}s they produced with their
 * {@link io.loreley.domain.Metric}s, and the state of its archive. Entities are mapped to tables of
 * {@code db/migration} and are moved only by the statements of {@code store}: a field changed in memory is never
 * written back behind a reader's back.
 *
 * <p>This package does no I/O and depends on nothing of Loreley.
 */
@NullMarked
package io.loreley.domain;

import org.jspecify.annotations.NullMarked;
