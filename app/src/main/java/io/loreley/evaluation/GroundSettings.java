package io.loreley.evaluation;

import io.loreley.domain.Glob;
import io.loreley.domain.Setting;
import java.nio.file.Path;
import java.util.List;

/** What an evaluator stands on, and what a candidate may not touch. */
public record GroundSettings(
        @Setting(
                doc = "Files of the project that belong to the evaluator besides those its command names, as patterns "
                        + "of git's: `tests/**`, `**/*.csv`. They are pinned with it.",
                fallback = "[]")
        List<String> files,

        @Setting(
                doc =
                        "Files and folders of the project that are laid over the checkout before it is measured, at the same "
                                + "path: a candidate's version of them never counts. They are pinned, too.",
                fallback = "[]")
        List<String> overlay,

        @Setting(
                key = "protected",
                doc =
                        "Paths in what evolves that a candidate may not change, as folders or patterns of git's, in which "
                                + "`**/*.lock` is one at any depth; one that does is a failed job, and is not measured.",
                fallback = "[]")
        List<String> protectedPaths) {

    /** As if nothing were said. */
    static final GroundSettings DEFAULT = new GroundSettings(List.of(), List.of(), List.of());

    public GroundSettings {
        files = List.copyOf(files);
        overlay = List.copyOf(overlay);
        protectedPaths = List.copyOf(protectedPaths);
        files.forEach(pattern -> Glob.requireMeaning("files", pattern));
        overlay.forEach(GroundSettings::requireInside);
        protectedPaths.forEach(pattern -> Glob.requireMeaning("protected", pattern));
    }

    /** The overlay's paths without detours, as files are known by. */
    List<String> laidOver() {
        return overlay.stream().map(GroundSettings::direct).toList();
    }

    private static String direct(String path) {
        return EvaluatorFiles.slashed(Path.of(path).normalize());
    }

    private static void requireInside(String path) {
        if (path.startsWith("/")
                || ("/" + path + "/").contains("/../")
                || direct(path).isEmpty()) {
            throw new IllegalArgumentException("overlay '%s' must be a path inside the project".formatted(path));
        }
    }
}
