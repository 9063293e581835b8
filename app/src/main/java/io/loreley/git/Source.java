package io.loreley.git;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.Captured;
import io.loreley.process.Credentials;
import io.loreley.process.ProcessRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the user wants evolved. */
public sealed interface Source {

    /** For people, without credentials. */
    String describe();

    /** The part of the repository that is evolved, relative to its root; empty for all of it. */
    String subfolder();

    /**
     * A Git repository.
     *
     * @param location a path or a URL, as git understands it
     * @param root its top folder, if it lies on this machine
     */
    record GitSource(String location, @Nullable Path root, String subfolder) implements Source {
        @Override
        public String describe() {
            String where = Credentials.mask(location);
            return subfolder.isEmpty() ? where : where + " (" + subfolder + ")";
        }

        /** Whether a repository of this machine has what a revision names, such as {@code main^{commit}}. */
        public boolean has(String revision, ProcessRunner processes) {
            return Git.theirs(processes, Path.of(location))
                    .attempt("rev-parse", "--verify", "--quiet", "--end-of-options", revision)
                    .success();
        }
    }

    /** A folder whose files are copied into a repository that Loreley manages. */
    record FolderSource(Path folder) implements Source {
        @Override
        public String describe() {
            return folder.toString();
        }

        @Override
        public String subfolder() {
            return "";
        }
    }

    Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+://.*|[^/\\\\:]+@[^/:]+:.*|[^/\\\\:@]{2,}:[^\\\\].*");

    /**
     * Finds out what a location is: a URL, a Git repository, a folder inside one, or any folder.
     *
     * @param importFolder take the folder as files even if it lies in a repository
     */
    static Source detect(String location, Path projectFolder, boolean importFolder, ProcessRunner processes) {
        if (URL.matcher(location).matches()) {
            return new GitSource(location, null, "");
        }
        Path path = projectFolder.resolve(location).toAbsolutePath().normalize();
        if (!Files.isDirectory(path)) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "repository: %s is not a folder. Name a Git repository, a folder inside one, a plain folder, or a URL."
                            .formatted(path));
        }
        if (importFolder) {
            return new FolderSource(path);
        }
        Git git = Git.theirs(processes, path);
        Captured bare = git.attempt("rev-parse", "--is-bare-repository");
        if (bare.success() && bare.text().strip().equals("true")) {
            return new GitSource(path.toString(), path, "");
        }
        Captured top = git.attempt("rev-parse", "--show-toplevel", "--show-prefix");
        if (!top.success()) {
            if (top.error().contains("not a git repository") && !Files.exists(path.resolve(".git"))) {
                return new FolderSource(path);
            }
            throw Git.failure(top); // damaged, or not ours to read: not a folder of files
        }
        String[] lines = top.text().split("\n", -1);
        String prefix = lines.length > 1 ? lines[1].replaceFirst("/$", "") : "";
        return new GitSource(lines[0], Path.of(lines[0]), prefix);
    }
}
