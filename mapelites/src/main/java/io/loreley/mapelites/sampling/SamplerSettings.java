package io.loreley.mapelites.sampling;

/**
 * @param base how the base is chosen
 * @param inspirations how many to draw; 0 for none
 * @param radius the neighbourhood in which the search for inspirations begins, in cells
 * @param maxRadius how far it may grow; 0 for no neighbourhood at all
 * @param fallbacks how many inspirations, at most, may come from the whole archive if the neighbourhood has too few
 * @param tournament how many elites compete for {@link BaseChoice#RANK}: 1 is uniform, 2 is linear ranking, more is
 *     greedier
 */
public record SamplerSettings(
        BaseChoice base, int inspirations, int radius, int maxRadius, int fallbacks, int tournament) {

    public SamplerSettings {
        if (inspirations < 0 || radius < 0 || fallbacks < 0) {
            throw new IllegalArgumentException("%d inspirations within radius %d and %d fallbacks: none may be negative"
                    .formatted(inspirations, radius, fallbacks));
        }
        if (maxRadius < radius) {
            throw new IllegalArgumentException("the radius cannot grow from %d to %d".formatted(radius, maxRadius));
        }
        if (tournament < 1) {
            throw new IllegalArgumentException("a tournament of %d".formatted(tournament));
        }
    }

    /** Three inspirations from radius 1, growing to 3, up to 8 fallbacks, linear ranking. */
    public static SamplerSettings of(BaseChoice base) {
        return new SamplerSettings(base, 3, 1, 3, 8, 2);
    }
}
