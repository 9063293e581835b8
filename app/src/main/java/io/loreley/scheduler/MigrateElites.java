package io.loreley.scheduler;

import io.loreley.domain.CommitHash;
import io.loreley.domain.IslandKey;
import io.loreley.mapelites.Placement;
import io.loreley.mapelites.sampling.Islands.Departure;
import io.loreley.store.IslandUpdate;
import io.loreley.store.Migrant;
import io.loreley.store.MigrationLog;
import java.time.InstantSource;
import java.util.ArrayList;
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
        List<Migrant> migrants = departures(after.migrations()).stream()
                .map(departure -> arrive(departure))
                .toList();
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
        // A copy: what arrives must not change who leaves.
        return new ArrayList<>(new io.loreley.mapelites.sampling.Islands<>(islands.archives())
                .departures(settings.migrants(), random));
    }

    /** Each island lays out its own behaviour space, so a migrant is offered by its traits. */
    private Migrant arrive(Departure<CommitHash> departure) {
        IslandKey to = islands.key(departure.to());
        CommitHash commit = departure.elite().solution();
        Island.Offer offer = islands.island(to)
                .offer(islands.island(islands.key(departure.from())).known(commit), clock.instant());
        return new Migrant(departure.from(), commit, cell(offer.placement()), new IslandUpdate(to, offer.change()));
    }

    private static @Nullable Long cell(Placement<CommitHash> placement) {
        return placement instanceof Placement.Rejected<CommitHash> ? null : placement.cell();
    }
}
