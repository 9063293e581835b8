package io.loreley.cli;

import io.loreley.cli.ArtifactFolders.Folder;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobId;
import io.loreley.store.Retention;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lets go of the files of old jobs on this machine. Those of elites, of what they descend from, and of open jobs stay. */
final class ArtifactRetention {

    private final Retention retention;
    private final ArtifactFolders artifacts;
    private final RetentionOptions.Limits limits;
    private final boolean dryRun;

    ArtifactRetention(Retention retention, ArtifactFolders artifacts, RetentionOptions.Limits limits, boolean dryRun) {
        this.retention = retention;
        this.artifacts = artifacts;
        this.limits = limits;
        this.dryRun = dryRun;
    }

    /**
     * What went, or would go.
     *
     * @param unknown folders of experiments that the database does not know, which stay
     */
    record Swept(int jobs, long bytes, Map<ExperimentId, Path> unknown) {}

    Swept sweep(Instant now) {
        // Folders first: what appears after they were listed belongs to a job that is at work.
        Map<ExperimentId, List<Folder<JobId>>> files = new HashMap<>();
        Map<ExperimentId, Path> unknown = new HashMap<>();
        for (Folder<ExperimentId> experiment : artifacts.experiments()) {
            files.put(experiment.owner(), artifacts.jobs(experiment.path()));
            unknown.put(experiment.owner(), experiment.path());
        }
        List<Expired> candidates = new ArrayList<>();
        for (Retention.Kept experiment : retention.experiments()) {
            unknown.remove(experiment.id());
            List<Folder<JobId>> folders = files.getOrDefault(experiment.id(), List.of());
            Map<JobId, Instant> ended = retention.jobs(
                    experiment.id(), folders.stream().map(Folder::owner).toList());
            folders.forEach(
                    folder -> candidates.add(new Expired(folder, ended.getOrDefault(folder.owner(), Instant.MIN))));
        }
        List<Folder<JobId>> expired = expired(candidates, now);
        if (!dryRun) {
            expired.forEach(folder -> artifacts.delete(folder.path()));
            retention.filesAreGone(expired.stream().map(Folder::owner).toList());
        }
        return new Swept(
                expired.size(), expired.stream().mapToLong(Folder::bytes).sum(), unknown);
    }

    /** A folder of a job, and when that ended: {@link Instant#MIN} if it is gone, {@link Instant#MAX} if its files stay. */
    private record Expired(Folder<JobId> folder, Instant ended) {}

    /** Those too old, and of the others the oldest, until the rest is small enough. */
    private List<Folder<JobId>> expired(List<Expired> candidates, Instant now) {
        Instant before = now.minus(limits.artifactAge());
        long kept = candidates.stream().mapToLong(each -> each.folder().bytes()).sum();
        List<Folder<JobId>> expired = new ArrayList<>();
        List<Expired> oldestFirst = candidates.stream()
                .filter(each -> each.ended().isBefore(Instant.MAX))
                .sorted(Comparator.comparing(Expired::ended))
                .toList();
        for (Expired each : oldestFirst) {
            if (each.ended().isBefore(before) || kept > limits.artifactBytes()) {
                expired.add(each.folder());
                kept -= each.folder().bytes();
            }
        }
        return expired;
    }
}
