package io.loreley.scheduler;

import io.loreley.domain.CommitHash;
import io.loreley.domain.IslandKey;
import io.loreley.mapelites.Placement;
import io.loreley.mapelites.sampling.Islands.Departure;
import io.loreley.store.IslandUpdate;
import io.loreley.store.Migrant;
import io.loreley.store.MigrationLog;
import io.loreley.store.Observation;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends elites round the ring of islands each time so many commits were offered. Who leaves follows from the experiment's
 * seed, the number of the migration and the archives; the database counts migrations, and holds each whole or not at all.
 */
public final class MigrateElites {

    private static final Logger LOG = LoggerFactory.getLogger(MigrateElites.class);

    /** Sets the random choices of migrations apart from those of draws, whose numbers are 0 and above. */
    private static final long BELOW_DRAWS = -2;

    private final MigrationLog log;
    private final Islands islands;
    private final SearchSettings settings;
    private final InstantSource clock;

    public MigrateElites(MigrationLog log, Islands islands, SearchSettings settings, InstantSource clock) {
        this.log = log;
        this.islands = islands;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Migrates if it is time.
     *
     * @return how many elites were sent
     */
    int run() {
        if (islands.ring().size() == 1 || settings.migrants() == 0) {
            return 0;
        }
        MigrationLog.Progress before = islands.progress();
        if (before.offered() / settings.migrationInterval() <= before.migrations()) {
            return 0;
        }
        MigrationLog.Progress after = new MigrationLog.Progress(before.offered(), before.migrations() + 1);
        // What is known of each is asked before the first arrives, who may have it forgotten.
        List<Traveller> travellers = departures(after.migrations()).stream()
                .map(departure -> new Traveller(departure, known(departure)))
                .toList();
        List<Migrant> migrants = travellers.stream().map(this::arrive).toList();
        log.record(islands.experiment(), after, migrants);
        islands.noteMigration(after);
        LOG.atInfo()
                .addKeyValue("experiment", islands.experiment())
                .addKeyValue("migration", after.migrations())
                .addKeyValue("migrants", migrants.size())
                .addKeyValue(
                        "settled",
                        migrants.stream()
                                .filter(migrant -> migrant.cell() != null)
                                .count())
                .log("islands.migrated");
        return migrants.size();
    }

    private List<Departure<CommitHash>> departures(long migration) {
        var random = new SplittableRandom(new SplittableRandom(settings.seed()).nextLong() + BELOW_DRAWS - migration);
        return new io.loreley.mapelites.sampling.Islands<>(islands.drawable()).departures(settings.migrants(), random);
    }

    private Observation known(Departure<CommitHash> departure) {
        return islands.island(islands.key(departure.from()))
                .known(departure.elite().solution());
    }

    /** Each island lays out its own behaviour space, so a migrant is offered by its traits. */
    private Migrant arrive(Traveller traveller) {
        IslandKey to = islands.key(traveller.departure().to());
        Observation seen = traveller.seen();
        Island.Offer offer = islands.island(to).offer(seen, clock.instant());
        return new Migrant(
                traveller.departure().from(),
                seen.commit(),
                cell(offer.placement()),
                new IslandUpdate(to, offer.change()));
    }

    private static @Nullable Long cell(Placement<CommitHash> placement) {
        return placement instanceof Placement.Rejected<CommitHash> ? null : placement.cell();
    }

    /** Who leaves, and what its island knows of it. */
    private record Traveller(Departure<CommitHash> departure, Observation seen) {}
}
