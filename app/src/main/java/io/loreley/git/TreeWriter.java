package io.loreley.git;

import java.util.Optional;

/** Writes the trees of an index into the hub without a process of its own. Safe for many threads. */
final class TreeWriter {

    private final ObjectReader objects;
    private final ObjectWriter writer;

    TreeWriter(ObjectReader objects, ObjectWriter writer) {
        this.objects = objects;
        this.writer = writer;
    }

    /** The name of the tree of everything; empty if {@code git write-tree} must write it, or say why it cannot. */
    Optional<String> write(GitIndex index) {
        var trees = IndexTrees.of(index);
        boolean written = objects.hold(trees.named()) && trees.made().stream().allMatch(writer::tryWrite);
        return written ? Optional.of(trees.root()) : Optional.empty();
    }
}
