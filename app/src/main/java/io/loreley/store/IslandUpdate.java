package io.loreley.store;

import io.loreley.domain.IslandKey;

/** A change, and the island that it happened in. */
public record IslandUpdate(IslandKey island, IslandChange change) {}
