package io.loreley.scheduler;

import io.loreley.domain.CommitHash;
import io.loreley.domain.CommitMark;
import io.loreley.mapelites.Archive;
import io.loreley.mapelites.CvtArchive;
import io.loreley.mapelites.CvtSettings;
import io.loreley.mapelites.Elite;
import io.loreley.mapelites.GridArchive;
import io.loreley.mapelites.GridSettings;
import io.loreley.mapelites.Placement;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.Layout;
import io.loreley.mapelites.projection.MeasureSpace;
import io.loreley.mapelites.projection.ProjectionSettings;
import io.loreley.mapelites.projection.Traits;
import io.loreley.mapelites.sampling.Curiosity;
import io.loreley.mapelites.sampling.Draw;
import io.loreley.mapelites.sampling.Pairing;
import io.loreley.mapelites.sampling.Sampler;
import io.loreley.mapelites.sampling.SamplerSettings;
import io.loreley.store.IslandChange;
import io.loreley.store.Observation;
import io.loreley.store.StoredElite;
import io.loreley.store.StoredIsland;
import io.loreley.store.StoredObservation;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One archive in memory, with the behaviour space it is laid out in. A mirror of what the database holds: it is read
 * from there, every change it reports is written there, and after a failed write it is thrown away and read again. For
 * one thread.
 */
final class Island {

    /** Fitted again when half as many samples again are known. */
    private static final double REFIT_GROWTH = 1.5;
    /** The oldest are let go of whenever there are so much of the history's limit too many: a tenth. */
    private static final int FORGOTTEN_AT_ONCE = 10;
    /** Elites that compete to be the base under {@code rank}: two is linear ranking. */
    private static final int TOURNAMENT = 2;

    private final Archive<CommitHash> archive;
    /** Of the cells of a tessellation; empty for a grid. They are stored, so that no later version moves a cell. */
    private final List<Vector> centroids;

    private final MeasureSpace<CommitHash> space;
    /** All that may compete when the archive is rebuilt: the newest commits and every elite, oldest first. */
    private final SequencedMap<CommitHash, Observation> known = new LinkedHashMap<>();

    /** When each of those was last offered, in seconds since the epoch. */
    private final Map<CommitHash, Double> placedAt = new HashMap<>();

    private final int historyLimit;
    private final Curiosity<CommitHash> curiosity = new Curiosity<>();
    private final Sampler<CommitHash> sampler;
    private final Contest contest;

    private final SearchSettings settings;
    /** Found when they are asked for after a change. */
    private @Nullable List<Contest.Pair> rivals;
    /** What people said of commits. */
    private Map<CommitHash, CommitMark> marks = Map.of();

    private Island(SearchSettings settings, StoredIsland stored, Contest contest) {
        this.settings = settings;
        this.contest = contest;
        this.centroids = stored.centroids();
        this.archive = emptyArchive(settings, centroids);
        SequencedMap<CommitHash, Traits> history = new LinkedHashMap<>();
        for (StoredObservation row : stored.history()) {
            Observation seen = row.observation();
            history.put(seen.commit(), seen.traits());
            known.put(seen.commit(), seen);
            placedAt.put(seen.commit(), row.seenAt());
        }
        this.space =
                MeasureSpace.restore(settings.axes(), projection(settings), settings.seed(), stored.layout(), history);
        this.historyLimit = settings.historySize();
        this.sampler = new Sampler<>(
                new SamplerSettings(
                        settings.strategy(),
                        settings.inspirations(),
                        settings.neighborRadius(),
                        Math.max(settings.neighborRadius(), settings.neighborMaxRadius()),
                        settings.inspirations(),
                        TOURNAMENT),
                curiosity);
    }

    static Island restore(SearchSettings settings, StoredIsland stored, Contest contest) {
        Island island = new Island(settings, stored, contest);
        for (StoredElite elite : stored.elites()) {
            island.archive.restore(elite.commit(), elite.objective(), elite.measures(), elite.threshold());
            island.placedAt.put(elite.commit(), elite.placedAt());
        }
        return island;
    }

    /** Every commit that is better than the elite of its cell and does not have it, with that elite, in the order of arrival. */
    List<Contest.Pair> rivals() {
        if (contest.isStrict() || space.layout().isEmpty()) {
            return List.of();
        }
        List<Contest.Pair> found = rivals;
        if (found == null) {
            found = known.values().stream()
                    .flatMap(seen -> rival(seen).stream())
                    .toList();
            rivals = found;
        }
        return found;
    }

    private Optional<Contest.Pair> rival(Observation seen) {
        long cell = archive.cellOf(space.measures(seen.traits()));
        return archive.elite(cell)
                .map(Elite::solution)
                .filter(holder -> !holder.equals(seen.commit()) && seen.objective() > archive.threshold(cell))
                .map(holder -> new Contest.Pair(seen.commit(), holder));
    }

    private static ProjectionSettings projection(SearchSettings settings) {
        return new ProjectionSettings(
                settings.dimensions(), settings.minFitSamples(), settings.historySize(), REFIT_GROWTH, true);
    }

    /** Those of an island that begins; none for a grid. It may take half a minute for many cells of many axes. */
    static List<Vector> centroids(SearchSettings settings) {
        return switch (settings.archive()) {
            case GRID -> List.of();
            case CVT ->
                CvtSettings.uniform(settings.axisCount(), settings.cells(), settings.seed())
                        .centroids();
        };
    }

    private static Archive<CommitHash> emptyArchive(SearchSettings settings, List<Vector> centroids) {
        return switch (settings.archive()) {
            case GRID -> new GridArchive<>(GridSettings.uniform(settings.axisCount(), settings.cellsPerDimension()));
            case CVT -> new CvtArchive<>(new CvtSettings(centroids, 1, Double.NEGATIVE_INFINITY, 0));
        };
    }

    /** From now on, pinned elites keep their cells and banned commits are not drawn. */
    void heed(Map<CommitHash, CommitMark> said) {
        marks = said;
    }

    /** How fruitful each commit was as a base. */
    Curiosity<CommitHash> curiosity() {
        return curiosity;
    }

    /** Draws a base and inspirations from the archive as it is. */
    Optional<Draw<CommitHash>> draw(Set<Pairing<CommitHash>> inFlight, RandomGenerator random) {
        return sampler.draw(drawable(), inFlight, random);
    }

    /** A banned elite keeps its cell until a better candidate comes, but is in nobody's sight. */
    Archive<CommitHash> drawable() {
        if (!marks.containsValue(CommitMark.BANNED)) {
            return archive;
        }
        Archive<CommitHash> allowed = emptyArchive(settings, centroids);
        for (Elite<CommitHash> elite : archive.elites()) {
            if (marks.get(elite.solution()) != CommitMark.BANNED) {
                allowed.restore(elite.solution(), elite.objective(), elite.measures(), archive.threshold(elite.cell()));
            }
        }
        return allowed;
    }

    /** Whether there is an elite that is not banned. */
    boolean hasBase() {
        return archive.elites().stream().anyMatch(elite -> marks.get(elite.solution()) != CommitMark.BANNED);
    }

    /** Whether the elite of a cell keeps it whatever challenges it. */
    boolean isPinned(long cell) {
        return archive.elite(cell)
                .filter(elite -> marks.get(elite.solution()) == CommitMark.PINNED)
                .isPresent();
    }

    Archive<CommitHash> archive() {
        return archive;
    }

    /**
     * What is known of a commit that is an elite, or was offered lately.
     *
     * @throws IllegalStateException if it is neither
     */
    Observation known(CommitHash commit) {
        Observation seen = known.get(commit);
        if (seen == null) {
            throw new IllegalStateException("commit %s was never offered. Indicates a bug.".formatted(commit));
        }
        return seen;
    }

    /** Offers a commit. */
    Offer offer(Observation seen, Instant now) {
        CommitHash commit = seen.commit();
        rivals = null;
        known.putLast(commit, seen);
        placedAt.put(commit, now.toEpochMilli() / 1e3);
        Optional<Layout> fitted = space.observe(commit, seen.traits());
        if (fitted.isPresent()) {
            Placement<CommitHash> placement = rebuild(commit);
            return new Offer(placement, new IslandChange.Rebuilt(seen, fitted.get(), centroids, elites()));
        }
        Placement<CommitHash> placement = place(seen);
        boolean forgets = known.size() > historyLimit + archive.elites().size() + historyLimit / FORGOTTEN_AT_ONCE;
        if (forgets) {
            forgetOldest();
        }
        return new Offer(
                placement,
                switch (placement) {
                    case Placement.Discovered<CommitHash>(var elite, var gain) -> placed(seen, elite, forgets);
                    case Placement.Improved<CommitHash>(var elite, var displaced, var gain) ->
                        placed(seen, elite, forgets);
                    case Placement.Rejected<CommitHash> _ -> new IslandChange.Unplaced(seen, forgets);
                });
    }

    /**
     * Takes note of a commit that was measured again, and places everything known anew: an elite that was lucky falls.
     *
     * @return what changed; empty if this island does not know the commit
     */
    Optional<IslandChange> remeasured(Observation seen) {
        rivals = null;
        // First, so that the answer is that of an island which was read again.
        forgetOldest();
        if (!known.containsKey(seen.commit())) {
            return Optional.empty();
        }
        known.putLast(seen.commit(), seen);
        Layout layout = space.observe(seen.commit(), seen.traits())
                .or(space::layout)
                .orElseThrow(() -> new IllegalStateException("an island that knows commits has no layout"));
        rebuild(seen.commit());
        return Optional.of(new IslandChange.Rebuilt(seen, layout, centroids, elites()));
    }

    /**
     * Places everything known anew, oldest first, and says what became of one commit. Under noise those that hold a place
     * come first: they keep it until somebody is proved to be better.
     */
    private Placement<CommitHash> rebuild(CommitHash commit) {
        forgetOldest();
        List<Observation> order = byClaim();
        archive.clear();
        Placement<CommitHash> asked = null;
        for (Observation seen : order) {
            Placement<CommitHash> placement = place(seen);
            if (seen.commit().equals(commit)) {
                asked = placement;
            }
        }
        if (asked == null) {
            throw new IllegalStateException("commit %s was offered and is not known".formatted(commit));
        }
        return asked;
    }

    /** Who is pinned takes its cell before others compete for it; under noise, then those that hold a place. */
    private List<Observation> byClaim() {
        Set<CommitHash> holders = contest.isStrict()
                ? Set.of()
                : archive.elites().stream().map(Elite::solution).collect(Collectors.toSet());
        return known.values().stream()
                .sorted(Comparator.<Observation, Boolean>comparing(
                                seen -> marks.get(seen.commit()) != CommitMark.PINNED)
                        .thenComparing(seen -> !holders.contains(seen.commit())))
                .toList();
    }

    /** Keeps the newest commits and the elites: what the database keeps. */
    private void forgetOldest() {
        Set<CommitHash> elites = archive.elites().stream().map(Elite::solution).collect(Collectors.toSet());
        List<CommitHash> oldest = known.sequencedKeySet().stream()
                .limit(Math.max(0, known.size() - historyLimit))
                .filter(commit -> !elites.contains(commit))
                .toList();
        oldest.forEach(known::remove);
        oldest.forEach(placedAt::remove);
    }

    private Placement<CommitHash> place(Observation seen) {
        Vector measures = space.measures(seen.traits());
        long cell = archive.cellOf(measures);
        double threshold = archive.threshold(cell);
        Optional<CommitHash> holder =
                archive.elite(cell).map(Elite::solution).filter(elite -> !elite.equals(seen.commit()));
        boolean pinned = holder.isPresent() && isPinned(cell);
        boolean undecided = !contest.isStrict()
                && holder.isPresent()
                && seen.objective() > threshold
                && !contest.isWon(seen.commit(), holder.get());
        return pinned || undecided
                ? new Placement.Rejected<>(cell, seen.objective() - threshold)
                : archive.place(seen.commit(), seen.objective(), measures);
    }

    private IslandChange placed(Observation seen, Elite<CommitHash> elite, boolean forgets) {
        int version = space.layout().orElseThrow().version();
        return new IslandChange.Placed(seen, stored(elite), version, forgets);
    }

    private List<StoredElite> elites() {
        return archive.elites().stream().map(this::stored).toList();
    }

    private StoredElite stored(Elite<CommitHash> elite) {
        return new StoredElite(
                elite.cell(),
                elite.solution(),
                elite.objective(),
                archive.threshold(elite.cell()),
                elite.measures(),
                Objects.requireNonNull(placedAt.get(elite.solution())));
    }

    /** What the archive did with a commit, and what has to be written. */
    record Offer(Placement<CommitHash> placement, IslandChange change) {}
}
