package io.loreley.cli;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.FileTree;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Loreley's own folder on this machine: {@code $LORELEY_HOME}, by default {@code ~/.loreley}. */
public record Home(Path folder) {

    private static final int SLUG_DIGITS = 8;

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

    /** The bare repository of one source repository: a name for people, and a few digits that tell two of a name apart. */
    Path hub(String slug) {
        String name = slug.replaceFirst("/+$", "").replaceFirst(".*/", "").replaceAll("[^A-Za-z0-9._-]+", "-");
        String digits = CanonicalJson.sha256(slug).substring(0, SLUG_DIGITS);
        return folder.resolve("repositories").resolve("%s-%s.git".formatted(name, digits));
    }

    /** Prompts, outputs and logs of an experiment's attempts. */
    Path artifacts(ExperimentId experiment) {
        return artifactStore().resolve(experiment.toString());
    }

    Path artifactStore() {
        return folder.resolve("artifacts");
    }

    /** Deletes all that is kept of experiments; the database and the logs stay. */
    void deleteKept() {
        Stream.of("repositories", "artifacts", "work", "projects", "agents", "evaluators", "adapters")
                .map(folder::resolve)
                .forEach(Home::delete);
    }

    /** Deletes the files of one experiment; its commits lie in the repository's hub. */
    void deleteKept(ExperimentId experiment) {
        Stream.of(
                        artifacts(experiment),
                        workTrees(experiment),
                        projects(experiment),
                        evaluator(experiment),
                        holdout(experiment))
                .forEach(Home::delete);
    }

    private static void delete(Path kept) {
        try {
            FileTree.delete(kept);
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot delete " + kept, e);
        }
    }

    /** Where each run of a coding agent gets a home of its own. */
    Path agentHomes(WorkerName process) {
        return folder.resolve("agents").resolve(process.fileName());
    }

    /** Deletes the homes that dead processes of this machine left: logins are copied there. */
    void sweepAgentHomes(WorkerName process) {
        Path all = folder.resolve("agents");
        if (!Files.isDirectory(all)) {
            return;
        }
        try (DirectoryStream<Path> homes = Files.newDirectoryStream(all)) {
            for (Path home : homes) {
                if (process.knowsDeadByFile(home.getFileName().toString())) {
                    FileTree.delete(home);
                }
            }
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot delete what was left in " + all, e);
        }
    }

    /** The files of an experiment's evaluator as they were when it began. */
    Path evaluator(ExperimentId experiment) {
        return folder.resolve("evaluators").resolve(experiment.toString());
    }

    /** The files of an experiment's hold-out. */
    Path holdout(ExperimentId experiment) {
        return folder.resolve("evaluators").resolve(experiment + "-holdout");
    }

    /** The scripts that run evaluators written for other systems. */
    Path adapters() {
        return folder.resolve("adapters");
    }

    /** Warm work trees of an experiment's workers on this machine. */
    Path workTrees(ExperimentId experiment) {
        return workTrees().resolve(experiment.toString());
    }

    /** The projects of experiments whose files were sent here. */
    Path projects(ExperimentId experiment) {
        return folder.resolve("projects").resolve(experiment.toString());
    }

    /** Those of all experiments. */
    Path workTrees() {
        return folder.resolve("work");
    }
}
