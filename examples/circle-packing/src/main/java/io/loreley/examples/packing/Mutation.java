package io.loreley.examples.packing;

import java.util.List;
import java.util.random.RandomGenerator;

/// One way to make a new layout from one that exists, of the same number of disks and with all centres inside the
/// square. Disks may overlap afterwards and radii may be stale: [Polish] follows. Reordering disks, or turning all of
/// them alike, would be undone by the polish; so no mutation does only that.
interface Mutation {

    /// @param mates at least one other layout to take parts from
    Mutant apply(Layout parent, List<Mate> mates, RandomGenerator random);

    /// A mutation's result and, for people, what was done.
    record Mutant(Layout layout, String change) {}

    /// A layout of another commit, and what to call it.
    record Mate(Layout layout, String name) {}
}
