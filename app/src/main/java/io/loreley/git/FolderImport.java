package io.loreley.git;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Makes one commit of a folder's files, its {@code .gitignore} respected. The same files make the same commit, wherever
 * the folder lies: author, message and date are fixed.
 */
final class FolderImport {

    private static final String NAME = "Loreley";
    private static final String EMAIL = "import@loreley.local";
    private static final String DATE = "@946684800 +0000";
    private static final String MESSAGE = "Import a folder\n";

    private final Git git;

    FolderImport(Git git) {
        this.git = git;
    }

    CommitHash commit(Path folder) {
        Path scratch = scratch();
        try {
            Git there = git.with(Map.of(
                    "GIT_INDEX_FILE", scratch.resolve("index").toString(),
                    "GIT_WORK_TREE", folder.toString(),
                    "GIT_AUTHOR_NAME", NAME,
                    "GIT_AUTHOR_EMAIL", EMAIL,
                    "GIT_AUTHOR_DATE", DATE,
                    "GIT_COMMITTER_NAME", NAME,
                    "GIT_COMMITTER_EMAIL", EMAIL,
                    "GIT_COMMITTER_DATE", DATE));
            there.run("-C", folder.toString(), "add", "--all", ".");
            String entries = there.output("ls-files", "--stage", "-z");
            if (entries.isEmpty()) {
                throw new LoreleyException(
                        FailureKind.CONFIGURATION, "repository: %s holds no file to evolve".formatted(folder));
            }
            refuseNested(folder, entries);
            return new CommitHash(there.runWithInput(MESSAGE, "commit-tree", there.run("write-tree")));
        } finally {
            delete(scratch);
        }
    }

    /** Git would take it for a submodule, and its files would be missing. */
    private static void refuseNested(Path folder, String entries) {
        for (String entry : NulRecords.of(entries)) {
            if (entry.startsWith(FileMode.SUBMODULE_OCTAL)) {
                String nested = entry.substring(entry.indexOf('\t') + 1);
                throw new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "repository: %s cannot be imported, because %s in it is a Git repository of its own; name that one, or take it out of the folder"
                                .formatted(folder, nested));
            }
        }
    }

    private static Path scratch() {
        try {
            return Files.createTempDirectory("loreley-import-");
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot create a temporary folder: " + e.getMessage(), e);
        }
    }

    private static void delete(Path scratch) {
        try {
            FileTree.delete(scratch);
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE, "cannot delete %s: %s".formatted(scratch, e.getMessage()), e);
        }
    }
}
