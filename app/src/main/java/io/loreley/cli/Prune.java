package io.loreley.cli;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.git.Hub;
import io.loreley.store.Retention;
import io.loreley.store.Workers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lets go of what retention allows, in the database and on this machine, and says what it was. */
final class Prune {

    private final Wiring wiring;
    private final RetentionOptions.Limits limits;
    private final boolean dryRun;
    private final Retention retention;
    private final Workers workers;
    private final ArtifactFolders artifacts;
    private final Instant now;

    Prune(Wiring wiring, RetentionOptions.Limits limits, boolean dryRun) {
        this.wiring = wiring;
        this.limits = limits;
        this.dryRun = dryRun;
        this.retention = new Retention(wiring.database(), dryRun);
        this.workers = new Workers(wiring.database());
        this.artifacts = new ArtifactFolders(wiring.home().artifactStore());
        this.now = wiring.clock().instant();
    }

    /** One line a fact. */
    List<String> run() {
        List<String> lines = new ArrayList<>();
        Instant before = now.minus(limits.cacheAge());
        for (Retention.Kept experiment : retention.experiments()) {
            List<CommitHash> commits = retention.commits(experiment.id());
            lines.add("%s: %,d observations, %,d sums, %s"
                    .formatted(
                            experiment.name(),
                            retention.history(experiment),
                            retention.aggregates(experiment.id(), commits),
                            embeddings(experiment, commits, before)));
        }
        ArtifactRetention.Swept files = new ArtifactRetention(retention, artifacts, limits, dryRun).sweep(now);
        lines.add("files of %,d jobs, %,d MB".formatted(files.jobs(), files.bytes() >> 20));
        lines.add("%,d workers that were not seen for 30 days".formatted(workers.forget(dryRun)));
        unknown(files.unknown()).ifPresent(lines::add);
        lines.addFirst(dryRun ? "would remove:" : "removed:");
        return lines;
    }

    private String embeddings(Retention.Kept experiment, List<CommitHash> commits, Instant before) {
        Path folder = wiring.home().hub(experiment.slug());
        if (!Files.isDirectory(folder)) {
            return "no embeddings, because its repository is not on this machine";
        }
        Set<String> referenced = new HashSet<>();
        try (Hub hub = Hub.open(folder, wiring.processes())) {
            List<CommitHash> here = commits.stream().filter(hub::contains).toList();
            if (here.size() < commits.size()) {
                return "no embeddings, because %,d of its commits are not on this machine"
                        .formatted(commits.size() - here.size());
            }
            if (!here.isEmpty()) {
                referenced.addAll(hub.objects(here));
            }
        }
        return "%,d embeddings".formatted(retention.embeddings(experiment.id(), referenced, before));
    }

    /** Another database may know them. */
    private Optional<String> unknown(Map<ExperimentId, Path> folders) {
        if (folders.isEmpty()) {
            return Optional.empty();
        }
        long megabytes =
                folders.values().stream().mapToLong(ArtifactFolders::size).sum() >> 20;
        if (limits.unknown() && !dryRun) {
            folders.values().forEach(artifacts::delete);
        }
        return Optional.of("files of %,d experiments that this database does not know, %,d MB%s"
                .formatted(
                        folders.size(),
                        megabytes,
                        limits.unknown() ? "" : " — left, since another database may; --unknown removes them"));
    }
}
