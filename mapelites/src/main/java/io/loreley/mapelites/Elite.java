package io.loreley.mapelites;

/**
 * The best solution that a cell has seen.
 *
 * @param solution whatever the user searches for; equal solutions are the same solution
 * @param objective finite, higher is better
 * @param measures where the solution lies in the behaviour space
 * @param cell the cell that holds it, below {@link Archive#cells()}
 */
public record Elite<T>(T solution, double objective, Vector measures, long cell) {}
