package io.loreley.evaluation;

import io.loreley.domain.Setting;
import java.util.List;

/** What an evaluator stands on, and what a candidate may not touch. */
public record GroundSettings(
        @Setting(
                doc = "Files of the project that belong to the evaluator besides those its command names, as globs: "
                        + "`tests/**`. They are pinned with it.",
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
                doc = "Paths in what evolves that a candidate may not change, as globs or folders; one that does is a "
                        + "failed job, and is not measured.",
                fallback = "[]")
        List<String> protectedPaths) {

    /** As if nothing were said. */
    static final GroundSettings DEFAULT = new GroundSettings(List.of(), List.of(), List.of());

    public GroundSettings {
        files = List.copyOf(files);
        overlay = List.copyOf(overlay);
        protectedPaths = List.copyOf(protectedPaths);
        overlay.forEach(GroundSettings::requireInside);
    }

    private static void requireInside(String path) {
        if (path.isBlank() || path.startsWith("/") || ("/" + path + "/").contains("/../")) {
            throw new IllegalArgumentException("overlay '%s' must be a path inside the project".formatted(path));
        }
    }
}
