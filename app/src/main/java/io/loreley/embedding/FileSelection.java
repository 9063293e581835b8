package io.loreley.embedding;

import io.loreley.git.FileMode;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides by its path whether a file of a commit counts: regular files below the searched folder, not ignored by the
 * rules pinned at the root commit, not excluded, of an allowed name. Says nothing on content. Immutable, so that what
 * counted in one commit counts in every other.
 */
final class FileSelection {

    private final String prefix;
    private final IgnoreRules ignored;
    private final IgnoreRules excluded;
    private final Set<String> extensions;
    private final Set<String> names;

    /**
     * @param subfolder the searched folder, from the top of the repository; empty for all of it
     * @param ignored rules for paths from the top of the repository
     */
    FileSelection(EmbeddingSettings settings, String subfolder, IgnoreRules ignored) {
        this.prefix = subfolder.isEmpty() ? "" : subfolder + "/";
        this.ignored = ignored;
        this.excluded = IgnoreRules.parse(String.join("\n", settings.excluded()));
        this.extensions =
                settings.extensions().stream().map(FileSelection::extension).collect(Collectors.toSet());
        this.names = Set.copyOf(settings.names());
    }

    private static String extension(String configured) {
        String lower = configured.toLowerCase(Locale.ROOT);
        return lower.startsWith(".") ? lower.substring(1) : lower;
    }

    boolean contains(FileMode mode, String path) {
        return mode.isFile()
                && path.startsWith(prefix)
                && isAllowed(path)
                && !excluded.ignores(path.substring(prefix.length()))
                && !ignored.ignores(path);
    }

    private boolean isAllowed(String path) {
        if (extensions.isEmpty()) {
            return true;
        }
        return names.contains(path.substring(path.lastIndexOf('/') + 1)) || extensions.contains(extensionOf(path));
    }

    /** What stands behind the last dot of a file's name, in lower case; empty for {@code Makefile} and {@code .profile}. */
    static String extensionOf(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }
}
