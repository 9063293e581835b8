package io.loreley.mapelites;

/**
 * An elite in the neighbourhood of a cell.
 *
 * @param distance in cells, from 1
 */
public record Neighbour<T>(Elite<T> elite, int distance) {}
