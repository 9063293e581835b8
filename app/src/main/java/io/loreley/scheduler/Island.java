package io.loreley.scheduler;

import io.loreley.domain.CommitHash;
import io.loreley.domain.CommitMark;
import io.loreley.embedding.CommitEmbedding;
import io.loreley.mapelites.Archive;
import io.loreley.mapelites.Elite;
import io.loreley.mapelites.GridArchive;
import io.loreley.mapelites.GridSettings;
import io.loreley.mapelites.Placement;
import io.loreley.mapelites.Vector;
import io.loreley.mapelites.projection.BehaviourSpace;
import io.loreley.mapelites.projection.Projection;
import io.loreley.mapelites.projection.ProjectionSettings;
import io.loreley.mapelites.sampling.Curiosity;
import io.loreley.mapelites.sampling.Draw;
import io.loreley.mapelites.sampling.Pairing;
import io.loreley.mapelites.sampling.Sampler;
import io.loreley.mapelites.sampling.SamplerSettings;
import io.loreley.store.IslandChange;
import io.loreley.store.Observation;
import io.loreley.store.StoredElite;
import io.loreley.store.StoredIsland;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * One archive in memory, with the behaviour space it is laid out in. A mirror of what the database holds: it is read
 * from there, every change it reports is written there, and after a failed write it is thrown away and read again. For
 * one thread.
 */
final class Island {

    /** Fitted again when half as many samples again are known. */
    private static final double REFIT_GROWTH = 1.5;
    /** Elites that compete to be the base under {@code rank}: two is linear ranking. */
    private static final int TOURNAMENT = 2;

    private final Archive<CommitHash> archive;
    private final BehaviourSpace<CommitHash> space;
    /** All that may compete when the archive is rebuilt: the newest commits and every elite, oldest first. */
    private final SequencedMap<CommitHash, Observation> known = new LinkedHashMap<>();

    private final Map<CommitHash, Double> placedAt = new HashMap<>();
    private final int historyLimit;
    private final Curiosity<CommitHash> curiosity = new Curiosity<>();
    private final Sampler<CommitHash> sampler;

    private final SearchSettings settings;
    /** What people said of commits. */
    private Map<CommitHash, CommitMark> marks = Map.of();

    private Island(SearchSettings settings, Archive<CommitHash> archive, BehaviourSpace<CommitHash> space) {
        this.settings = settings;
        this.archive = archive;
        this.space = space;
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

    static Island restore(SearchSettings settings, StoredIsland stored) {
        Archive<CommitHash> archive = emptyArchive(settings);
        var projection = new ProjectionSettings(
                settings.dimensions(), settings.minFitSamples(), settings.historySize(), REFIT_GROWTH, true);
        var history = new LinkedHashMap<CommitHash, Vector>();
        stored.history().forEach(seen -> history.put(seen.commit(), seen.embedding()));
        Island island = new Island(
                settings, archive, BehaviourSpace.restore(projection, settings.seed(), stored.projection(), history));
        stored.history().forEach(seen -> island.known.put(seen.commit(), seen));
        for (StoredElite elite : stored.elites()) {
            archive.restore(elite.commit(), elite.objective(), elite.measures(), elite.threshold());
            island.placedAt.put(elite.commit(), elite.placedAt());
        }
        return island;
    }

    private static Archive<CommitHash> emptyArchive(SearchSettings settings) {
        return new GridArchive<>(GridSettings.uniform(settings.dimensions(), settings.cellsPerDimension()));
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
    private Archive<CommitHash> drawable() {
        if (!marks.containsValue(CommitMark.BANNED)) {
            return archive;
        }
        Archive<CommitHash> allowed = emptyArchive(settings);
        for (Elite<CommitHash> elite : archive.elites()) {
            if (marks.get(elite.solution()) != CommitMark.BANNED) {
                allowed.restore(elite.solution(), elite.objective(), elite.measures(), archive.threshold(elite.cell()));
            }
        }
        return allowed;
    }

    Archive<CommitHash> archive() {
        return archive;
    }

    /**
     * Offers a commit.
     *
     * @param objective oriented: higher is better
     */
    Offer offer(CommitHash commit, CommitEmbedding embedding, double objective, Instant now) {
        var seen = new Observation(commit, embedding.vector(), objective, embedding.model());
        known.putLast(commit, seen);
        placedAt.put(commit, now.toEpochMilli() / 1e3);
        Optional<Projection> fitted = space.observe(commit, embedding.vector());
        if (fitted.isPresent()) {
            Placement<CommitHash> placement = rebuild(commit);
            return new Offer(placement, new IslandChange.Rebuilt(seen, fitted.get(), elites()));
        }
        Placement<CommitHash> placement = place(seen);
        return new Offer(
                placement,
                switch (placement) {
                    case Placement.Discovered<CommitHash>(var elite, var gain) -> placed(seen, elite);
                    case Placement.Improved<CommitHash>(var elite, var displaced, var gain) -> placed(seen, elite);
                    case Placement.Rejected<CommitHash> _ -> new IslandChange.Unplaced(seen);
                });
    }

    /** Places everything known anew, oldest first, and says what became of one commit. */
    private Placement<CommitHash> rebuild(CommitHash commit) {
        forgetOldest();
        archive.clear();
        Placement<CommitHash> asked = null;
        for (Observation seen : pinnedFirst()) {
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

    /** Who is pinned takes its cell before others compete for it. */
    private List<Observation> pinnedFirst() {
        return known.values().stream()
                .sorted(Comparator.comparing(seen -> marks.get(seen.commit()) != CommitMark.PINNED))
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
        Vector measures = space.measures(seen.embedding());
        long cell = archive.cellOf(measures);
        boolean taken = archive.elite(cell)
                .filter(elite -> marks.get(elite.solution()) == CommitMark.PINNED)
                .filter(elite -> !elite.solution().equals(seen.commit()))
                .isPresent();
        return taken
                ? new Placement.Rejected<>(cell, seen.objective() - archive.threshold(cell))
                : archive.place(seen.commit(), seen.objective(), measures);
    }

    private IslandChange placed(Observation seen, Elite<CommitHash> elite) {
        int version = space.projection().orElseThrow().version();
        return new IslandChange.Placed(seen, stored(elite), version);
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
                placedAt.getOrDefault(elite.solution(), 0.0));
    }

    /** What the archive did with a commit, and what has to be written. */
    record Offer(Placement<CommitHash> placement, IslandChange change) {}
}
