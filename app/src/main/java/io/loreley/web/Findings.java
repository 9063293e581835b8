package io.loreley.web;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.IslandKey;
import io.loreley.domain.Objective;
import io.loreley.git.FileStat;
import io.loreley.git.Hub;
import io.loreley.store.ArchiveListing;
import io.loreley.store.CardListing;
import io.loreley.store.Catalogue;
import io.loreley.store.Database;
import io.loreley.store.StageListing;
import io.loreley.store.StatusQuery;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an experiment found, gathered once: what a report tells.
 *
 * @param best absent until something was measured
 * @param cells of the first island
 * @param elites the best of all islands, best first
 * @param patches the changed files of the best commit with their changes against the root
 */
record Findings(
        Catalogue.Entry experiment,
        Objective objective,
        ExperimentStatus status,
        @Nullable Measured root,
        @Nullable Measured best,
        List<CardListing.Point> points,
        List<CardListing.Line> ancestry,
        List<ArchiveListing.IslandLine> islands,
        ArchiveListing.Cells cells,
        List<CardListing.Line> elites,
        List<StageListing.Arm> arms,
        List<Patch> patches,
        Instant at) {

    private static final int MOST_POINTS = 1200;
    private static final int MOST_ELITES = 12;
    private static final int MOST_FILES = 8;
    private static final int CONTEXT = 3;
    private static final int GENERATIONS = 60;

    Findings {
        points = List.copyOf(points);
        ancestry = List.copyOf(ancestry);
        islands = List.copyOf(islands);
        elites = List.copyOf(elites);
        arms = List.copyOf(arms);
        patches = List.copyOf(patches);
    }

    /** A commit with what was measured of it. */
    record Measured(CardListing.Line card, List<CardListing.Value> metrics) {}

    /** How a file was changed. */
    record Patch(FileStat stat, FileDiff diff) {}

    static Findings of(Database database, Hub hub, Catalogue.Entry experiment, InstantSource clock) {
        Objective objective = Experiments.objective(experiment);
        ArchiveListing archive = new ArchiveListing(database);
        CardListing cards = new CardListing(database);
        ExperimentStatus status = new StatusQuery(database, clock)
                .status(StatusQuery.Frame.unlimited(
                        experiment.id(), experiment.name(), objective, experiment.totalCells()));
        Measured root = measured(cards, experiment, objective, experiment.root().orElse(null));
        ExperimentStatus.Score score = status.best();
        Measured best = score == null
                ? null
                : measured(cards, experiment, objective, score.commit().value());
        List<ArchiveListing.IslandLine> islands = archive.islands(experiment.id());
        ArchiveListing.Cells cells =
                archive.cells(new IslandKey(experiment.id(), islands.getFirst().island()));
        return new Findings(
                experiment,
                objective,
                status,
                root,
                best,
                cards.points(experiment.id(), objective.metric(), MOST_POINTS),
                best == null
                        ? List.of()
                        : cards.ancestry(experiment.id(), best.card().commit(), objective.metric(), GENERATIONS),
                islands,
                cells,
                archive.best(experiment.id(), MOST_ELITES).stream()
                        .map(elite -> cards.find(experiment.id(), elite.value(), objective.metric()))
                        .flatMap(Optional::stream)
                        .toList(),
                new StageListing(database).arms(experiment.id()),
                root == null || best == null
                        ? List.of()
                        : patches(hub, root.card().commit(), best.card().commit()),
                clock.instant());
    }

    private static @Nullable Measured measured(
            CardListing cards, Catalogue.Entry experiment, Objective objective, @Nullable String commit) {
        return commit == null
                ? null
                : cards.find(experiment.id(), commit, objective.metric())
                        .map(card -> new Measured(card, cards.metrics(card.id())))
                        .orElse(null);
    }

    private static List<Patch> patches(Hub hub, CommitHash root, CommitHash best) {
        return hub.numstat(root, best).stream()
                .limit(MOST_FILES)
                .map(stat -> new Patch(
                        stat,
                        stat.isBinary() ? FileDiff.NONE : FileDiff.of(hub.patch(root, best, stat.path(), CONTEXT))))
                .toList();
    }
}
