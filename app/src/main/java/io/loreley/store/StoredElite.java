package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.mapelites.Vector;

/**
 * One row of {@code map_elites_archive_cells}.
 *
 * @param objective oriented: higher is better
 * @param threshold what a candidate must exceed to enter the cell
 * @param placedAt seconds since the epoch
 */
public record StoredElite(
        long cell, CommitHash commit, double objective, double threshold, Vector measures, double placedAt) {}
