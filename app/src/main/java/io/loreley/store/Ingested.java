package io.loreley.store;

import io.loreley.domain.IngestionStatus;
import org.jspecify.annotations.Nullable;

/**
 * What the archive said to a job's commit.
 *
 * @param delta by how much the objective exceeded what the cell asked for
 * @param statusCode 2 a new cell, 1 an improved one, 0 not kept
 * @param cell the cell it holds; absent if it was not kept
 */
public record Ingested(
        IngestionStatus status,
        double delta,
        int statusCode,
        @Nullable String message,
        @Nullable Long cell) {}
