/// Twenty-six circles in the unit square: an agent that improves a packing without a language model, and an evaluator
/// that checks it exactly. Both are programs that Loreley starts; neither knows anything of Loreley but its two command
/// contracts.
///
/// Begin with [io.loreley.examples.packing.Evaluate], the shorter one; then [io.loreley.examples.packing.Pack].
/// The same thing has two shapes here. A `Circle` of a `Packing` is what the file says, in exact decimals; a `Disk` of
/// a `Layout` is what the search moves about, in doubles. `Layout.snap()` is the only way from the second to the first.
///
/// This package must not use anything but the JDK, and must not trust a double where it decides what is valid.
@NullMarked
package io.loreley.examples.packing;

import org.jspecify.annotations.NullMarked;
