package io.loreley.cli;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loreley's own folder on this machine: {@code $LORELEY_HOME}, by default {@code ~/.loreley}. */
public record Home(Path folder) {

    public Home {
        folder = folder.toAbsolutePath().normalize();
    }

    /** Creates the folder if it is missing. */
    public Home ensured() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE,
                    "cannot create Loreley's folder %s. Make its parent writable, or set LORELEY_HOME to a folder that is."
                            .formatted(folder),
                    e);
        }
        return this;
    }

    /** Bare repositories, one a source repository. */
    Path hub(String slug) {
        return folder.resolve("repositories").resolve(slug.replaceAll("[^A-Za-z0-9._-]+", "_") + ".git");
    }

    /** Prompts, outputs and logs of an experiment's attempts. */
    Path artifacts(ExperimentId experiment) {
        return artifactStore().resolve(experiment.toString());
    }

    Path artifactStore() {
        return folder.resolve("artifacts");
    }

    /** Warm work trees of an experiment's workers on this machine. */
    Path workTrees(ExperimentId experiment) {
        return folder.resolve("work").resolve(experiment.toString());
    }
}
