package io.loreley.mapelites.sampling;

import java.util.Collection;
import java.util.Set;

/** A base and its inspirations, whose order does not matter. */
public record Pairing<T>(T base, Set<T> inspirations) {

    public Pairing {
        inspirations = Set.copyOf(inspirations);
    }

    public static <T> Pairing<T> of(T base, Collection<T> inspirations) {
        return new Pairing<>(base, Set.copyOf(inspirations));
    }
}
