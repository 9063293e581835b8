package io.loreley.store;

import static io.loreley.domain.JobStatus.PENDING;
import static io.loreley.domain.JobStatus.RUNNING;

import io.loreley.domain.CommitHash;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.IngestionStatus;
import io.loreley.domain.JobArtifacts;
import io.loreley.domain.JobId;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobStatus;
import io.loreley.domain.Measurement;
import io.loreley.domain.Metric;
import io.loreley.domain.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;

/**
 * What the scheduler and workers do with jobs. Each method that moves one is an edge of {@code docs/job-states.md} in one
 * transaction; a worker's edges name its attempt, and answer false, changing nothing, if the job has moved on without it.
 * The edges that people draw are {@link JobEdges}. Safe for many threads.
 */
public final class Jobs {

    /** A job that took this many workers down with it is not given to another. */
    public static final int MAX_LOST_ATTEMPTS = 3;

    private final Database database;
    private final JobQueue queue;
    private final InstantSource clock;
    private final GroupCommit<Claim, Optional<EvolutionJob>> claims = new GroupCommit<>(this::claim);
    private final GroupCommit<Success, Boolean> successes = new GroupCommit<>(this::succeed);

    public Jobs(Database database, JobQueue queue, InstantSource clock) {
        this.database = database;
        this.queue = queue;
        this.clock = clock;
    }

    /** One worker's wish for one job. */
    record Claim(JobId job, String worker, String stage) {}

    /** What one attempt made of its job. */
    record Success(JobId job, int attempt, JobResult result) {

        JobUpdates.Done done() {
            return new JobUpdates.Done(job, attempt, result.card().commit(), result.planSummary());
        }
    }

    /** Adds a job that was just drawn. Its draw number must be the next one: a second writer of the same number fails. */
    public void draw(EvolutionJob job) {
        database.transaction(session -> {
            jobs(session).insert(job);
            return null;
        });
    }

    /**
     * {@code PENDING → QUEUED}, by priority, then age: the row and its entry in the queue in one transaction.
     *
     * @return how many were dispatched
     */
    public int dispatch(ExperimentId experiment, int limit) {
        return database.transaction(session -> {
            List<UUID> dispatched = session.createNativeQuery("""
                            UPDATE evolution_jobs SET status = 'QUEUED' WHERE id = ANY (ARRAY(
                                SELECT id FROM evolution_jobs
                                WHERE experiment_id = :experiment AND status = 'PENDING' AND completed_at IS NULL
                                ORDER BY priority DESC, scheduled_at, id LIMIT :limit FOR NO KEY UPDATE))
                            RETURNING id""", UUID.class)
                    .setParameter("experiment", experiment.value())
                    .setParameter("limit", limit)
                    .getResultList();
            if (!dispatched.isEmpty()) {
                queue.enqueue(session, dispatched);
            }
            return dispatched.size();
        });
    }

    /**
     * {@code QUEUED → RUNNING} under a new attempt.
     *
     * @return the job as claimed; empty if it is not waiting for a worker
     */
    public Optional<EvolutionJob> claim(JobId job, String worker, String stage) {
        return claims.write(new Claim(job, worker, stage));
    }

    private List<Optional<EvolutionJob>> claim(List<Claim> wanted) {
        return database.transaction(session -> {
            BitSet won = updates(session).claim(wanted, clock.instant());
            Map<JobId, EvolutionJob> claimed = read(
                            session,
                            won.stream()
                                    .mapToObj(place -> wanted.get(place).job().value())
                                    .toList())
                    .collect(Collectors.toMap(EvolutionJob::id, Function.identity()));
            return IntStream.range(0, wanted.size())
                    .mapToObj(place -> Optional.ofNullable(
                            won.get(place) ? claimed.get(wanted.get(place).job()) : null))
                    .toList();
        });
    }

    /** The question for several is translated anew each time, which is not worth it for one. */
    private static Stream<EvolutionJob> read(StatelessSession session, List<UUID> ids) {
        return switch (ids.size()) {
            case 0 -> Stream.empty();
            case 1 -> jobs(session).withExperiment(ids.getFirst()).stream();
            default -> jobs(session).withExperiments(ids.toArray(UUID[]::new)).stream();
        };
    }

    /** {@code RUNNING → QUEUED}: the worker was told to stop. The attempt is not charged. */
    public boolean giveBack(JobId job, int attempt) {
        return database.transaction(session -> updates(session).giveBack(job.value(), attempt));
    }

    /**
     * {@code RUNNING → QUEUED}: what the attempt needed, a provider or the network, is away. The queue's entry, which the
     * caller holds, says when it is tried again.
     *
     * @param limit how often a job is postponed in its life
     * @return false, with nothing changed, if that often was reached or the attempt no longer holds the job
     */
    public boolean postpone(JobId job, int attempt, FailureKind kind, String error, int limit) {
        return database.transaction(
                session -> updates(session).postpone(job.value(), attempt, kind, storable(error), limit));
    }

    /**
     * {@code RUNNING → QUEUED}: its worker died, and the caller holds the queue's entry; or {@code RUNNING → FAILED} if too
     * many did. Nothing changes if somebody else works on it by now.
     */
    public void lost(JobId job, String worker) {
        database.transaction(session -> {
            bury(updates(session), job, worker);
            return null;
        });
    }

    /**
     * As {@link #lost(JobId, String)}, if the queue's entry is still that one. Several may find out at the same time that a worker is dead;
     * and one that was only suspended may have picked the entry anew before the last of them gets here.
     */
    public void lost(JobId job, JobQueue.Entry entry) {
        database.transaction(session -> {
            boolean isStill = session.doReturningWork(
                    connection -> JobEdges.lock(connection, job.value()) && queue.isStill(connection, job, entry));
            if (isStill) {
                bury(updates(session), job, entry.holder());
            }
            return null;
        });
    }

    private void bury(JobUpdates updates, JobId job, String worker) {
        if (!updates.requeueLost(job.value(), worker, MAX_LOST_ATTEMPTS - 1)) {
            String error =
                    "%d workers died while they held this job; it is not tried again".formatted(MAX_LOST_ATTEMPTS);
            updates.failLost(job.value(), worker, FailureKind.WORKER_LOST, error, clock.instant());
        }
    }

    /**
     * {@code RUNNING → SUCCEEDED}: the job, its card, metrics and artifacts in one transaction. A candidate that may not
     * compete is not offered to the archive, and its job says why at once.
     *
     * @return false, with nothing written, if the attempt no longer holds the job
     */
    public boolean succeed(JobId job, int attempt, JobResult result) {
        return successes.write(new Success(job, attempt, result));
    }

    private List<Boolean> succeed(List<Success> reached) {
        return database.transaction(session -> {
            BitSet held =
                    updates(session).succeed(reached.stream().map(Success::done).toList(), clock.instant());
            if (!held.isEmpty()) {
                record(session, held.stream().mapToObj(reached::get).toList());
            }
            return IntStream.range(0, reached.size()).mapToObj(held::get).toList();
        });
    }

    private void record(StatelessSession session, List<Success> successes) {
        queue.remove(session, successes.stream().map(Success::job).toList());
        CardQueries cards = new CardQueries_(session);
        cards.insertCards(
                successes.stream().map(success -> success.result().card()).toList());
        cards.insertMetrics(successes.stream()
                .map(Success::result)
                .flatMap(result -> result.metrics().stream()
                        .map(measurement -> new Metric(UUID.randomUUID(), result.card(), measurement)))
                .toList());
        cards.insertArtifacts(successes.stream()
                .map(success -> new JobArtifacts(success.job(), success.result().artifacts()))
                .toList());
        for (Success success : successes) {
            Verdict verdict = success.result().card().assessment().verdict();
            if (!verdict.isAccepted()) {
                updates(session)
                        .ingested(
                                success.job().value(),
                                IngestionStatus.SKIPPED,
                                null,
                                null,
                                verdict.describe(),
                                null,
                                clock.instant());
            }
        }
    }

    /**
     * {@code RUNNING → SUCCEEDED} for a commit that was measured again: its metrics become the mean of all measurements, in
     * the same transaction.
     *
     * @return false, with nothing written, if the attempt no longer holds the job
     */
    public boolean remeasure(JobId job, int attempt, CommitHash commit, List<Measurement> metrics) {
        return database.transaction(session -> {
            if (!succeeds(session, new JobUpdates.Done(job, attempt, commit, null))) {
                return false;
            }
            EvolutionJob row = jobs(session).withExperiment(job.value()).orElseThrow();
            Remeasurement.write(session, row, commit, metrics);
            return true;
        });
    }

    /**
     * {@code RUNNING → SUCCEEDED} for a best that the hold-out measured: its card says so in the same transaction.
     *
     * @param reason why it fails; null if it passes
     * @return false, with nothing written, if the attempt no longer holds the job
     */
    public boolean holdOut(JobId job, int attempt, CommitHash commit, @Nullable String reason) {
        return database.transaction(session -> {
            if (!succeeds(session, new JobUpdates.Done(job, attempt, commit, null))) {
                return false;
            }
            Holdouts.write(session, jobs(session).withExperiment(job.value()).orElseThrow(), reason);
            return true;
        });
    }

    /** {@code RUNNING → FAILED}, with the cause. */
    public boolean fail(JobId job, int attempt, FailureKind kind, String error) {
        return database.transaction(session -> {
            boolean held = updates(session).fail(job.value(), attempt, kind, storable(error), clock.instant());
            if (held) {
                queue.remove(session, List.of(job));
            }
            return held;
        });
    }

    public Optional<EvolutionJob> find(JobId job) {
        return database.read(session -> jobs(session).byId(job.value()));
    }

    /** The youngest job of a kind. */
    public Optional<EvolutionJob> latest(ExperimentId experiment, JobKind kind) {
        return database.read(session -> jobs(session).latest(experiment.value(), kind));
    }

    /**
     * How a job ended.
     *
     * @param kind what it was for
     * @param failure absent unless it failed
     * @param error the message of the failure
     * @param drawnAt absent for a job that was not drawn by this program
     */
    public record Ending(
            JobKind kind,
            JobStatus status,
            @Nullable FailureKind failure,
            @Nullable String error,
            @Nullable Instant drawnAt,
            Instant endedAt) {}

    /** How the last jobs ended, youngest first: asked at every tick, and so not read as jobs, with their plans and reports. */
    public List<Ending> lastEndings(ExperimentId experiment, int limit) {
        return Sql.ask(database, connection -> Sql.rows(connection, Jobs::ending, """
                        SELECT kind, status, failure_kind, last_error, scheduled_at, completed_at FROM evolution_jobs
                        WHERE experiment_id = ? AND completed_at IS NOT NULL ORDER BY completed_at DESC LIMIT ?""", experiment.value(), limit));
    }

    private static Ending ending(ResultSet row) throws SQLException {
        String failure = row.getString("failure_kind");
        return new Ending(
                JobKind.valueOf(row.getString("kind")),
                JobStatus.valueOf(row.getString("status")),
                failure == null ? null : FailureKind.valueOf(failure),
                row.getString("last_error"),
                Question.instant(row, "scheduled_at"),
                Objects.requireNonNull(Question.instant(row, "completed_at")));
    }

    /** All jobs that are not final: a handful, bounded by the scheduler's capacity. */
    public List<EvolutionJob> open(ExperimentId experiment) {
        return database.read(session -> jobs(session).open(experiment.value()));
    }

    /** Whether there is a job that has not ended. */
    public boolean areOpen(ExperimentId experiment) {
        return Sql.ask(
                database,
                connection -> Sql.exists(
                        connection,
                        "SELECT FROM evolution_jobs WHERE experiment_id = ? AND completed_at IS NULL",
                        experiment.value()));
    }

    public long running(ExperimentId experiment) {
        return database.read(session -> jobs(session).countOpen(experiment.value(), RUNNING));
    }

    /** The number of the next draw, which is also the number of draws so far. */
    public long nextDraw(ExperimentId experiment) {
        return database.read(session -> jobs(session).nextDraw(experiment.value()));
    }

    /**
     * Puts a queue entry behind each {@code QUEUED} job, as it must have. Repairs what a queue table restored without
     * its jobs would have lost; in a healthy database it changes nothing.
     */
    public void repairQueue(ExperimentId experiment) {
        database.transaction(session -> {
            queue.enqueue(
                    session,
                    jobs(session).dispatched(experiment.value(), PENDING).stream()
                            .map(job -> job.id().value())
                            .toList());
            return null;
        });
    }

    /** PostgreSQL stores no NUL; programs print some. */
    static String storable(String text) {
        return text.replace("\0", "␀");
    }

    private static JobQueries jobs(StatelessSession session) {
        return new JobQueries_(session);
    }

    private boolean succeeds(StatelessSession session, JobUpdates.Done done) {
        boolean held = !updates(session).succeed(List.of(done), clock.instant()).isEmpty();
        if (held) {
            queue.remove(session, List.of(done.job()));
        }
        return held;
    }

    private static JobUpdates updates(StatelessSession session) {
        return new JobUpdates(session);
    }
}
