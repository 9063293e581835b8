/** From a high-dimensional vector to measures: history, principal components, bounds, versions. */
@NullMarked
package io.loreley.mapelites.projection;

import org.jspecify.annotations.NullMarked;
