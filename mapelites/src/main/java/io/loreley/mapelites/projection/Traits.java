package io.loreley.mapelites.projection;

import io.loreley.mapelites.Vector;

/**
 * What is known of a candidate before any layout.
 *
 * @param embedding what learned axes are made from; empty if there are none
 * @param values one for each measured axis, in their order
 */
public record Traits(Vector embedding, Vector values) {

    /** For a space whose axes are all learned. */
    public static Traits of(Vector embedding) {
        return new Traits(embedding, Vector.of());
    }
}
