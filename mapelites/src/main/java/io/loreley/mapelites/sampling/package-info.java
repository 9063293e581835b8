/** Draws a base elite and inspirations from an archive, given a random generator. */
@NullMarked
package io.loreley.mapelites.sampling;

import org.jspecify.annotations.NullMarked;
