/** The evaluator of the example: a sort is worth what it spares in operations. */
@NullMarked
package io.loreley.examples.sorting;

import org.jspecify.annotations.NullMarked;
