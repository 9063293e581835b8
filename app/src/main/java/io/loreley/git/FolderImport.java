package io.loreley.git;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Makes one commit of a folder's files, its {@code .gitignore} respected. The same files make the same commit: author,
 * message and date are fixed.
 */
final class FolderImport {

    private static final String NAME = "Loreley";
    private static final String EMAIL = "import@loreley.local";
    private static final String DATE = "946684800 +0000";

    private final Git git;

    FolderImport(Git git) {
        this.git = git;
    }

    CommitHash commit(Path folder) {
        Path index = temporaryIndex();
        try {
            Git there = git.with(Map.of(
                    "GIT_INDEX_FILE", index.toString(),
                    "GIT_WORK_TREE", folder.toString(),
                    "GIT_AUTHOR_NAME", NAME,
                    "GIT_AUTHOR_EMAIL", EMAIL,
                    "GIT_AUTHOR_DATE", DATE,
                    "GIT_COMMITTER_NAME", NAME,
                    "GIT_COMMITTER_EMAIL", EMAIL,
                    "GIT_COMMITTER_DATE", DATE));
            there.run("-C", folder.toString(), "add", "--all", ".");
            if (there.run("ls-files").isEmpty()) {
                throw new LoreleyException(
                        FailureKind.CONFIGURATION, "repository: %s holds no file to evolve".formatted(folder));
            }
            String tree = there.run("write-tree");
            CommitHash commit = new CommitHash(
                    there.runWithInput("Import %s%n".formatted(folder.getFileName()), "commit-tree", tree));
            git.run("update-ref", "refs/loreley/roots/" + commit, commit.value());
            return commit;
        } finally {
            delete(index);
        }
    }

    private static Path temporaryIndex() {
        try {
            Path index = Files.createTempFile("loreley-import-", ".index");
            Files.delete(index);
            return index;
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot create a temporary file", e);
        }
    }

    private static void delete(Path index) {
        try {
            Files.deleteIfExists(index);
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot delete " + index, e);
        }
    }
}
