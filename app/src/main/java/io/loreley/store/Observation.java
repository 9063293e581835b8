package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.mapelites.projection.Traits;

/**
 * A commit that was offered to an island, with what it competes with.
 *
 * @param traits what places it, before any layout
 * @param objective oriented: higher is better
 * @param model who made the embedding; empty if there is none
 */
public record Observation(CommitHash commit, Traits traits, double objective, String model) {}
