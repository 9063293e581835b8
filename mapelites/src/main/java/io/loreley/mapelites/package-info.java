/**
 * Cells, the elite of each, and what happens when a candidate is offered.
 *
 * <p>Begin with {@link io.loreley.mapelites.Archive}. Nothing here is safe for use by several threads at once.
 */
@NullMarked
package io.loreley.mapelites;

import org.jspecify.annotations.NullMarked;
