package io.loreley.scheduler;

import io.loreley.domain.CommitHash;
import io.loreley.domain.CommitMark;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.IslandKey;
import io.loreley.domain.LoreleyException;
import io.loreley.mapelites.Archive;
import io.loreley.mapelites.Vector;
import io.loreley.store.Archives;
import io.loreley.store.Fruitfulness;
import io.loreley.store.MigrationLog;
import io.loreley.store.StoredIsland;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The islands of an experiment in memory, each read from the database when it is first needed and again after a failure.
 * They stand in a ring, whose first has the name that a single one would have. For one thread.
 */
public final class Islands {

    private static final Logger LOG = LoggerFactory.getLogger(Islands.class);

    private final ExperimentId experiment;
    private final SearchSettings settings;
    private final Archives archives;
    private final MigrationLog log;
    private final Contest contest;
    private final List<IslandKey> ring;
    private final Map<IslandKey, Island> loaded = new HashMap<>();
    private MigrationLog.@Nullable Progress progress;
    private Map<CommitHash, CommitMark> marks = Map.of();
    /** Of the cells of a new tessellation; none until they are needed. */
    private List<Vector> centroids = List.of();

    /** @param contest decides who keeps a cell */
    public Islands(
            ExperimentId experiment, SearchSettings settings, Archives archives, MigrationLog log, Contest contest) {
        this.contest = contest;
        this.experiment = experiment;
        this.settings = settings;
        this.archives = archives;
        this.log = log;
        this.ring = ring(experiment, settings.islands());
    }

    static List<IslandKey> ring(ExperimentId experiment, int islands) {
        return IslandKey.names(islands).stream()
                .map(name -> new IslandKey(experiment, name))
                .toList();
    }

    Contest contest() {
        return contest;
    }

    ExperimentId experiment() {
        return experiment;
    }

    /** In the order of the ring. */
    List<IslandKey> ring() {
        return ring;
    }

    /** The island that a draw is for: they take turns, also over restarts. */
    IslandKey turn(long draw) {
        return ring.get(Math.floorMod(draw, ring.size()));
    }

    /** The island that a job was drawn for. */
    IslandKey of(EvolutionJob job) {
        return key(job.island());
    }

    IslandKey key(String name) {
        return ring.stream()
                .filter(key -> key.island().equals(name))
                .findFirst()
                .orElseThrow(() -> new LoreleyException(
                        FailureKind.INTERNAL,
                        "island '%s' is none of the %d of the experiment. Indicates a bug."
                                .formatted(name, ring.size())));
    }

    Island island(IslandKey key) {
        Island island = loaded.get(key);
        if (island == null) {
            island = Island.restore(settings, withCentroids(archives.load(key)), contest);
            for (Fruitfulness base : archives.fruitfulness(key)) {
                island.curiosity().restore(base.base(), base.drawn(), base.kept());
            }
            island.heed(marks);
            loaded.put(key, island);
        }
        return island;
    }

    /** All islands that begin have the same cells, which are drawn once. */
    private StoredIsland withCentroids(StoredIsland stored) {
        if (settings.archive() == ArchiveKind.GRID || !stored.centroids().isEmpty()) {
            return stored;
        }
        if (centroids.isEmpty()) {
            LOG.atInfo()
                    .addKeyValue("experiment", experiment)
                    .addKeyValue("cells", settings.cells())
                    .log("archive.dividing");
            centroids = Island.centroids(settings);
        }
        return new StoredIsland(stored.layout(), centroids, stored.history(), stored.elites());
    }

    /** The archives without what is banned, by the name of the island, in the order of the ring. */
    SequencedMap<String, Archive<CommitHash>> drawable() {
        SequencedMap<String, Archive<CommitHash>> all = new LinkedHashMap<>();
        ring.forEach(key -> all.putLast(key.island(), island(key).drawable()));
        return all;
    }

    /** How many commits were offered to the archive, and how many migrations there were. */
    MigrationLog.Progress progress() {
        MigrationLog.Progress known = progress;
        if (known == null) {
            known = log.progress(experiment);
            progress = known;
        }
        return known;
    }

    /** Notes that the database counts one more commit as offered. */
    void noteOffered() {
        if (progress != null) {
            progress = new MigrationLog.Progress(progress.offered() + 1, progress.migrations());
        }
    }

    /** Notes a migration that the database holds. */
    void noteMigration(MigrationLog.Progress after) {
        progress = after;
    }

    /** From now on, what people said of commits holds. */
    void heed(Map<CommitHash, CommitMark> said) {
        marks = Map.copyOf(said);
        loaded.values().forEach(island -> island.heed(marks));
    }

    /** Whether a commit is to be neither built on, nor sent to other islands, nor measured again. */
    boolean isBanned(CommitHash commit) {
        return marks.get(commit) == CommitMark.BANNED;
    }

    /** Memory and database may differ: read again before the next use. */
    void forget() {
        loaded.clear();
        contest.forget();
        progress = null;
    }
}
