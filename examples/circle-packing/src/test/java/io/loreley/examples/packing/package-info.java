/// Tests of the circle packing example, and [io.loreley.examples.packing.TenSeeds], a program that measures it.
@NullMarked
package io.loreley.examples.packing;

import org.jspecify.annotations.NullMarked;
