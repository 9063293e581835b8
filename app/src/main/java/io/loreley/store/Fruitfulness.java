package io.loreley.store;

import io.loreley.domain.CommitHash;

/**
 * How fruitful a commit was as a base.
 *
 * @param drawn how often it was drawn
 * @param kept how many of the candidates made from it entered the archive
 */
public record Fruitfulness(CommitHash base, int drawn, int kept) {}
