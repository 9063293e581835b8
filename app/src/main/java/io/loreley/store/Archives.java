package io.loreley.store;

import static io.loreley.domain.JobStatus.SUCCEEDED;

import io.loreley.domain.CommitHash;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.IslandKey;
import io.loreley.domain.LoreleyException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/**
 * The islands' archives in the database. What a commit changed in its island and what became of its job are one
 * transaction, so that a job is never ingested without its elite nor the other way round. Written by the holder of the
 * experiment's lock only; a cell is nevertheless never overwritten by a worse elite.
 */
public final class Archives {

    /** After so many failures a commit stays out of the archive; its job keeps the last reason. */
    public static final int MAX_INGESTION_ATTEMPTS = 5;

    private static final Duration FIRST_RETRY = Duration.ofSeconds(2);

    private final Database database;
    private final InstantSource clock;
    private final int historyLimit;

    public Archives(Database database, InstantSource clock, int historyLimit) {
        this.database = database;
        this.clock = clock;
        this.historyLimit = historyLimit;
    }

    /** Reads an island whole. An island that was never written is empty; one that an older system wrote is migrated. */
    public StoredIsland load(IslandKey key) {
        return database.transaction(session -> session.doReturningWork(connection -> {
            IslandState.Geometry geometry = new IslandState(connection, key).geometry(clock.instant());
            IslandRows rows = new IslandRows(connection, key);
            return new StoredIsland(geometry.layout(), geometry.centroids(), rows.history(historyLimit), rows.elites());
        }));
    }

    /** How fruitful each base of an island was, counted over all draws, without copies of their jobs: for the start of a run, not for a tick. */
    public List<Fruitfulness> fruitfulness(IslandKey key) {
        return Sql.ask(
                database,
                connection -> Sql.rows(
                        connection,
                        row -> new Fruitfulness(new CommitHash(row.getString(1)), row.getInt(2), row.getInt(3)),
                        """
                        SELECT base_commit_hash, count(*), count(*) FILTER (WHERE ingestion_status = 'succeeded')
                        FROM evolution_jobs WHERE experiment_id = ? AND island_id = ? AND kind = 'EVOLVE' AND draw IS NOT NULL
                        GROUP BY base_commit_hash ORDER BY base_commit_hash""",
                        key.experiment().value(),
                        key.island()));
    }

    /**
     * Has an experiment begin its archive anew if any of it was embedded otherwise: those vectors and new ones say nothing
     * about one another. Every commit that was offered waits to be offered again, with what was measured of it.
     *
     * @param model what embeds from now on
     * @return how many commits wait for that; 0 if all were embedded so
     */
    public int offerAgainUnlessEmbeddedBy(String model, ExperimentId experiment) {
        UUID id = experiment.value();
        return database.transaction(session -> session.doReturningWork(connection -> {
            boolean isOutdated = Sql.exists(
                    connection,
                    "SELECT FROM map_elites_pca_history WHERE experiment_id = ? AND objective IS NOT NULL AND embedding_model <> ? LIMIT 1",
                    id,
                    model);
            if (!isOutdated) {
                return 0;
            }
            Database.unhurried(connection);
            Sql.update(connection, "DELETE FROM map_elites_archive_cells WHERE experiment_id = ?", id);
            Sql.update(
                    connection,
                    "DELETE FROM map_elites_pca_history WHERE experiment_id = ? AND objective IS NOT NULL",
                    id);
            // What else the snapshot holds stays, as the centroids of a tessellation.
            Sql.update(
                    connection,
                    "UPDATE map_elites_states SET snapshot = snapshot - '{projection,metric_ranges,layout_version}'::text[] WHERE experiment_id = ?",
                    id);
            return Sql.update(connection, """
                    UPDATE evolution_jobs SET ingestion_status = NULL, ingestion_attempts = 0, ingestion_delta = NULL, ingestion_status_code = NULL,
                        ingestion_message = NULL, ingestion_cell_index = NULL, ingestion_next_attempt_at = NULL, ingestion_reason = NULL
                    WHERE experiment_id = ? AND ingestion_delta IS NOT NULL""", id);
        }));
    }

    /**
     * Has what could not be ingested offered again, for the start of a run: what was away or wrong may be mended. A root that
     * was measured and has no place is forgotten, so that it may be measured again.
     *
     * @return how many wait for it
     */
    public int offerFailedAgain(ExperimentId experiment) {
        UUID id = experiment.value();
        return database.transaction(session -> session.doReturningWork(connection -> {
            Sql.update(connection, """
                    DELETE FROM commit_cards WHERE job_id IN (
                        SELECT id FROM evolution_jobs WHERE experiment_id = ? AND kind = 'ROOT'
                            AND ingestion_status = 'skipped' AND ingestion_delta IS NULL)
                        AND NOT EXISTS (SELECT FROM map_elites_archive_cells WHERE experiment_id = ?)""", id, id);
            return Sql.update(connection, """
                    UPDATE evolution_jobs SET ingestion_attempts = 0, ingestion_next_attempt_at = NULL
                    WHERE experiment_id = ? AND completed_at IS NOT NULL AND result_commit_hash IS NOT NULL
                        AND ingestion_status = 'failed'""", id);
        }));
    }

    /** Successes that wait for the archive, oldest first; failed ones again after a growing pause. */
    public List<EvolutionJob> toIngest(ExperimentId experiment, int limit) {
        return database.read(session -> new JobQueries_(session)
                .toIngest(experiment.value(), SUCCEEDED, MAX_INGESTION_ATTEMPTS, clock.instant(), limit));
    }

    /** How many successes the archive has not answered yet, those that wait for another try included. */
    public long awaitingIngestion(ExperimentId experiment) {
        return database.read(session ->
                new JobQueries_(session).awaitingIngestion(experiment.value(), SUCCEEDED, MAX_INGESTION_ATTEMPTS));
    }

    /** As {@link #record(EvolutionJob, Ingested, List)}, of a commit that only one island was offered. */
    public Optional<BestBefore> record(IslandKey key, EvolutionJob job, Ingested ingested, IslandChange change) {
        return record(job, ingested, List.of(new IslandUpdate(key, change)));
    }

    /**
     * Writes what a commit changed, and what became of its job.
     *
     * @param updates one for each island that was offered the commit, at least one
     * @return the best oriented objective before, if this commit exceeds it; empty if it does not
     */
    public Optional<BestBefore> record(EvolutionJob job, Ingested ingested, List<IslandUpdate> updates) {
        Instant now = clock.instant();
        return database.transaction(session -> {
            session.doWork(connection -> {
                IslandWriter writer = new IslandWriter(connection, historyLimit, now);
                for (IslandUpdate update : updates) {
                    writer.write(update);
                }
            });
            ingested(new JobUpdates(session), job, ingested, now);
            IslandUpdate first = updates.getFirst();
            return ingested.isProved()
                    ? session.doReturningWork(connection -> BestHistory.note(
                            connection,
                            first.island().experiment(),
                            first.change().observation(),
                            now))
                    : Optional.<BestBefore>empty();
        });
    }

    /** Notes that a commit has no place in the archive, for a reason that another try would not change. */
    public void unplaceable(EvolutionJob job, String reason) {
        Instant now = clock.instant();
        database.transaction(session -> {
            ingested(new JobUpdates(session), job, Ingested.notOffered(reason), now);
            return null;
        });
    }

    private static void ingested(JobUpdates jobs, EvolutionJob job, Ingested ingested, Instant now) {
        boolean changed = jobs.ingested(
                job.id().value(),
                ingested.status(),
                ingested.delta(),
                ingested.statusCode(),
                ingested.message(),
                ingested.cell(),
                now);
        if (!changed) {
            throw new LoreleyException(
                    FailureKind.INTERNAL, "job %s cannot be ingested: it has not succeeded".formatted(job.id()));
        }
    }

    /**
     * Writes what changed because a commit was measured again. The best so far is corrected, too: it is what was measured
     * last of it, or another elite that is better now.
     *
     * @param updates of the islands that know the commit
     */
    public void remeasured(ExperimentId experiment, EvolutionJob job, Observation seen, List<IslandUpdate> updates) {
        Instant now = clock.instant();
        database.transaction(session -> {
            session.doWork(connection -> {
                IslandWriter writer = new IslandWriter(connection, historyLimit, now);
                for (IslandUpdate update : updates) {
                    writer.write(update);
                }
                BestHistory.correct(connection, experiment, seen);
            });
            String message = "measured again: its oriented objective is now " + seen.objective();
            ingested(new JobUpdates(session), job, Ingested.notOffered(message), now);
            return null;
        });
    }

    /**
     * Notes that a job of the hold-out has ended, which changes nothing in the archive.
     *
     * @return why the commit fails; empty if it passes
     */
    public Optional<String> heldOut(ExperimentId experiment, EvolutionJob job, CommitHash commit) {
        Instant now = clock.instant();
        return database.transaction(session -> {
            Optional<String> reason = Holdouts.reason(session, experiment, commit);
            String message = reason.map(why -> "fails the hold-out: " + why).orElse("passes the hold-out");
            ingested(new JobUpdates(session), job, Ingested.notOffered(message), now);
            return reason;
        });
    }

    /** What was best before; absent for the first commit of an experiment. */
    public record BestBefore(OptionalDouble objective) {}

    /** Notes that offering a commit failed; it is tried again after a pause that doubles. */
    public void ingestionFailed(EvolutionJob job, String reason) {
        Instant now = clock.instant();
        Instant next =
                now.plus(FIRST_RETRY.multipliedBy(1L << Math.min(job.ingestion().attempts(), 10)));
        database.transaction(session -> {
            new JobUpdates(session).ingestionFailed(job.id().value(), reason, now, next);
            return null;
        });
    }
}
