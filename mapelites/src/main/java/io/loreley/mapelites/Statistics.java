package io.loreley.mapelites;

import java.util.OptionalDouble;

/**
 * @param elites the number of occupied cells
 * @param coverage elites over cells, 0 to 1
 * @param qdScore the sum of the objectives, each less the archive's offset
 * @param best the best objective ever placed; empty if nothing was
 */
public record Statistics(int elites, double coverage, double qdScore, OptionalDouble best) {}
