package io.loreley.store;

/**
 * One row of {@code map_elites_pca_history}.
 *
 * @param seenAt seconds since the epoch
 */
public record StoredObservation(Observation observation, double seenAt) {}
