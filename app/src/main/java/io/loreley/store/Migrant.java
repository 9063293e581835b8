package io.loreley.store;

import io.loreley.domain.CommitHash;
import org.jspecify.annotations.Nullable;

/**
 * An elite that was offered to the next island of the ring.
 *
 * @param from the name of the island that it comes from, and stays in
 * @param cell the cell that it took there; absent if there was a better elite
 */
public record Migrant(
        String from, CommitHash commit, @Nullable Long cell, IslandUpdate update) {}
