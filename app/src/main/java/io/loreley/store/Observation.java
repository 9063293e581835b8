package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.mapelites.Vector;

/**
 * A commit that was offered to an island, with what it competes with: one row of {@code map_elites_pca_history}.
 *
 * @param embedding the commit's embedding, before any projection
 * @param objective oriented: higher is better
 * @param model who made the embedding
 */
public record Observation(CommitHash commit, Vector embedding, double objective, String model) {}
