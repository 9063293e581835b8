package io.loreley.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Has git write trees and commits through two long-lived {@code git hash-object}. ({@code git mktree --batch} would be the
 * obvious one for trees, but git 2.39 reads there no configuration, and so leaves out the fsync, and keeps in memory
 * whatever it was told.) Safe for many threads, one at a time.
 */
final class ObjectWriter implements AutoCloseable {

    private final Path hub;
    private final LineConversation trees;
    private final LineConversation commits;

    ObjectWriter(Path hub, Git git) {
        this.hub = hub;
        // As in git's own batches: the data of each tree is on its way to the disk when it gets its name, and the flush
        // comes with the next object that is flushed, which is the commit that names the tree.
        this.trees = talk(git, "core.fsyncMethod=writeout-only", NewObject.Type.TREE);
        this.commits = talk(git, "core.fsyncMethod=batch", NewObject.Type.COMMIT);
    }

    private static LineConversation talk(Git git, String fsync, NewObject.Type type) {
        return new LineConversation(
                git, "-c", fsync, "hash-object", "-t", type.word(), "-w", "--no-filters", "--stdin-paths");
    }

    /** Whether git has written it, under the very name that it should have: another way must be gone if not. */
    synchronized boolean tryWrite(NewObject object) {
        try {
            // Were we killed here, git would take the file for a leftover of its own.
            Path file = Files.createTempFile(hub.resolve("objects"), "tmp_", "");
            try {
                Files.write(file, object.content());
                LineConversation talk = switch (object.type()) {
                    case TREE -> trees;
                    case COMMIT -> commits;
                };
                return talk.isAnswered("objects/%s\n".formatted(file.getFileName()), List.of(object.name()));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return false; // git will say what is wrong with the disk
        }
    }

    @Override
    public synchronized void close() {
        trees.close();
        commits.close();
    }
}
