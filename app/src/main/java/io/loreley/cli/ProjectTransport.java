package io.loreley.cli;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.git.Hub;
import io.loreley.git.Remote;
import io.loreley.git.WorkTree;
import io.loreley.process.FileTree;
import io.loreley.store.SentProjects;
import io.loreley.store.TakenOverException;
import io.loreley.worker.ImportGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the folder of a project to workers that do not have it: agent and evaluator are started from there. The scheduler
 * sends its files, but for those that git ignores, as a commit to the remote; a worker lays them out in its own folder, and
 * that is what {@code ${project}} stands for on its machine.
 */
final class ProjectTransport {

    private static final Logger LOG = LoggerFactory.getLogger(ProjectTransport.class);
    private static final String COMPLETE = "complete";
    /** The file of a laid-out project that those who work from it have locked together. */
    private static final String IN_USE = "in-use";

    private final SentProjects sent;
    private final Hub hub;
    private final Remote remote;

    ProjectTransport(SentProjects sent, Hub hub, Remote remote) {
        this.sent = sent;
        this.hub = hub;
        this.remote = remote;
    }

    /**
     * Sends what the folder holds now. A folder that cannot be sent is only logged: workers may have it. So is a remote that
     * is away when the project was sent before: whoever takes over in an outage has jobs to schedule.
     */
    void send(ExperimentId experiment, Project project, Map<String, String> environment) {
        String ref = "refs/loreley/%s/project".formatted(experiment);
        try {
            CommitHash files = hub.importFolder(project.folder(), ref);
            new ImportGuard(project.settings().commit(), hub, environment).check(project.folder(), files);
            remote.push(ref, files);
            sent.note(
                    experiment,
                    new SentProjects.Sent(
                            files, project.fileName(), project.settings().labels(), Version.current()));
        } catch (TakenOverException e) {
            throw e;
        } catch (LoreleyException e) {
            boolean isAwayOnly =
                    e.kind() == FailureKind.REMOTE && sent.find(experiment).isPresent();
            if (e.kind() != FailureKind.CONFIGURATION && !isAwayOnly) {
                throw e;
            }
            LOG.atWarn().addKeyValue("experiment", experiment).setCause(e).log("project.not-sent");
        }
    }

    /**
     * Lays out what was sent last, and removes what was sent before that.
     *
     * @param folder of this machine and experiment
     * @param scope for how long the files are needed
     * @throws LoreleyException of kind CONFIGURATION if nothing was sent, or another version schedules
     */
    Project receive(ExperimentId experiment, Path folder, Map<String, String> environment, Scope scope) {
        SentProjects.Sent project = sent.find(experiment)
                .orElseThrow(() -> new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "the project of experiment %s was not sent: it was started without a git remote, or its scheduler logged project.not-sent and why; name the project's folder"
                                .formatted(experiment)));
        requireSameVersion(experiment, project);
        if (!hub.obtain(project.files())) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "the git remote %s does not hold the project of experiment %s; is it the one that its scheduler was given?"
                            .formatted(remote.describe(), experiment));
        }
        Path files = layOut(folder.resolve(project.files().value()), project.files(), scope);
        return Project.load(files.resolve(project.settingsFile()), Map.of(), environment);
    }

    /** @throws LoreleyException of kind CONFIGURATION if another version schedules the experiment */
    static void requireSameVersion(ExperimentId experiment, SentProjects.Sent project) {
        if (!project.version().equals(Version.current())) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "experiment %s is scheduled by version %s of Loreley, and this is %s; run the same one everywhere"
                            .formatted(experiment, project.version(), Version.current()));
        }
    }

    /** Once, whichever process comes first: agents of another one may be started from there already. */
    private Path layOut(Path place, CommitHash commit, Scope scope) {
        WorkTree tree = hub.workTree(place);
        try {
            Files.createDirectories(place);
            occupy(place, scope);
            try (FileChannel lock = lockFile(place, "lock")) {
                lock.lock();
                if (!Files.exists(place.resolve(COMPLETE))) {
                    tree.reset(commit);
                    Files.createFile(place.resolve(COMPLETE));
                }
            }
            removeBut(place);
            return tree.root();
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE, "the project cannot be laid out in %s: %s".formatted(place, Reason.of(e)), e);
        }
    }

    private static FileChannel lockFile(Path place, String name) throws IOException {
        return FileChannel.open(
                place.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static void occupy(Path place, Scope scope) throws IOException {
        FileChannel use = lockFile(place, IN_USE);
        scope.onClose(() -> {
            try {
                use.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        use.lock(0, Long.MAX_VALUE, true);
    }

    /** What is still worked from stays until the next time. */
    private static void removeBut(Path newest) throws IOException {
        try (DirectoryStream<Path> places = Files.newDirectoryStream(Objects.requireNonNull(newest.getParent()))) {
            for (Path place : places) {
                if (!place.equals(newest)) {
                    removeUnlessUsed(place);
                }
            }
        }
    }

    private static void removeUnlessUsed(Path place) throws IOException {
        try (FileChannel use = lockFile(place, IN_USE);
                FileLock alone = use.tryLock()) {
            if (alone != null) {
                FileTree.delete(place);
            }
        } catch (OverlappingFileLockException | NoSuchFileException e) {
            LOG.atDebug().addKeyValue("place", place).setCause(e).log("project.in-use-or-gone");
        }
    }
}
