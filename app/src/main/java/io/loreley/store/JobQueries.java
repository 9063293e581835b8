package io.loreley.store;

import io.loreley.domain.EvolutionJob;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobKind;
import io.loreley.domain.JobStatus;
import jakarta.data.repository.Find;
import jakarta.data.repository.Insert;
import jakarta.data.repository.Query;
import jakarta.data.repository.Repository;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The statements on jobs, checked when they are compiled. The updates are the edges of {@code docs/job-states.md}: each
 * names the state, and where a worker writes, the attempt that it expects; 0 rows is an answer.
 *
 * <p>What a constraint already says is said again where a partial index needs it: {@code completedAt is null} of every
 * open job. The status is a parameter, of which a generic plan knows nothing. A list as a parameter would have its
 * statement translated anew each time, which costs more than the statement.
 */
@Repository
interface JobQueries {

    @Insert
    void insert(EvolutionJob job);

    @Find
    Optional<EvolutionJob> byId(UUID id);

    @Query("from EvolutionJob j join fetch j.experiment where j.id = :id")
    Optional<EvolutionJob> withExperiment(UUID id);

    @Query("from EvolutionJob j where j.experiment.id = :experiment and j.kind = :kind"
            + " order by j.scheduledAt desc, j.id limit 1")
    Optional<EvolutionJob> latest(UUID experiment, JobKind kind);

    @Query("from EvolutionJob j where j.experiment.id = :experiment and j.completedAt >= :since"
            + " order by j.completedAt desc limit :limit")
    List<EvolutionJob> lastEnded(UUID experiment, Instant since, int limit);

    @Query("from EvolutionJob j where j.experiment.id = :experiment and j.completedAt is null")
    List<EvolutionJob> open(UUID experiment);

    @Query("from EvolutionJob j where j.experiment.id = :experiment and j.completedAt is null"
            + " and j.status <> :pending")
    List<EvolutionJob> dispatched(UUID experiment, JobStatus pending);

    @Query("select count(j) from EvolutionJob j where j.experiment.id = :experiment and j.completedAt is null"
            + " and j.status = :status")
    long countOpen(UUID experiment, JobStatus status);

    @Query("select coalesce(max(j.draw) + 1, 0) from EvolutionJob j where j.experiment.id = :experiment")
    long nextDraw(UUID experiment);

    @Query("from EvolutionJob j where j.experiment.id = :experiment and j.status = :succeeded"
            + " and j.completedAt is not null and j.resultCommitHash is not null"
            + " and (j.ingestion.status is null or j.ingestion.status = 'failed')"
            + " and j.ingestion.attempts < :maxAttempts"
            + " and (j.ingestion.nextAttemptAt is null or j.ingestion.nextAttemptAt <= :now)"
            + " order by j.completedAt, j.id limit :limit")
    List<EvolutionJob> toIngest(UUID experiment, JobStatus succeeded, int maxAttempts, Instant now, int limit);

    @Query("select count(j) from EvolutionJob j where j.experiment.id = :experiment and j.status = :succeeded"
            + " and j.completedAt is not null and j.resultCommitHash is not null"
            + " and (j.ingestion.status is null or j.ingestion.status = 'failed')"
            + " and j.ingestion.attempts < :maxAttempts")
    long awaitingIngestion(UUID experiment, JobStatus succeeded, int maxAttempts);

    // ---- edges

    @Query("update EvolutionJob set status = :running, attempt = attempt + 1, worker = :worker, startedAt = :now,"
            + " stage = :stage, failureKind = null, lastError = null where id = :id and status = :queued")
    int claim(UUID id, JobStatus queued, JobStatus running, String worker, String stage, Instant now);

    @Query("update EvolutionJob set status = :queued, worker = null, stage = null"
            + " where id = :id and status = :running and attempt = :attempt")
    int giveBack(UUID id, int attempt, JobStatus running, JobStatus queued);

    @Query("update EvolutionJob set status = :queued, worker = null, stage = null, retries = retries + 1,"
            + " failureKind = :kind, lastError = :error"
            + " where id = :id and status = :running and attempt = :attempt and retries < :limit")
    int postpone(UUID id, int attempt, JobStatus running, JobStatus queued, FailureKind kind, String error, int limit);

    @Query("update EvolutionJob set status = :queued, worker = null, stage = null, lostAttempts = lostAttempts + 1"
            + " where id = :id and status = :running and worker = :dead and lostAttempts < :maxLost")
    int requeueLost(UUID id, String dead, int maxLost, JobStatus running, JobStatus queued);

    @Query("update EvolutionJob set status = :failed, lostAttempts = lostAttempts + 1, failureKind = :kind,"
            + " lastError = :error, completedAt = :now where id = :id and status = :running and worker = :dead")
    int failLost(
            UUID id, String dead, JobStatus running, JobStatus failed, FailureKind kind, String error, Instant now);

    @Query("update EvolutionJob set stage = :stage where id = :id and status = :running and attempt = :attempt")
    int stage(UUID id, int attempt, JobStatus running, String stage);

    @Query("update EvolutionJob set status = :succeeded, resultCommitHash = :result, planSummary = :plan,"
            + " completedAt = :now, stage = null where id = :id and status = :running and attempt = :attempt")
    int succeed(
            UUID id,
            int attempt,
            JobStatus running,
            JobStatus succeeded,
            String result,
            @Nullable String plan,
            Instant now);

    @Query("update EvolutionJob set status = :failed, failureKind = :kind, lastError = :error, completedAt = :now"
            + " where id = :id and status = :running and attempt = :attempt")
    int fail(UUID id, int attempt, JobStatus running, JobStatus failed, FailureKind kind, String error, Instant now);

    // ---- ingestion

    @Query("update EvolutionJob set ingestion.status = :status, ingestion.attempts = ingestion.attempts + 1,"
            + " ingestion.delta = :delta, ingestion.statusCode = :code, ingestion.message = :message,"
            + " ingestion.cellIndex = :cell, ingestion.lastAttemptAt = :now, ingestion.nextAttemptAt = null,"
            + " ingestion.reason = null where id = :id and status = :succeeded")
    int ingested(
            UUID id,
            JobStatus succeeded,
            String status,
            @Nullable Double delta,
            @Nullable Integer code,
            @Nullable String message,
            @Nullable Long cell,
            Instant now);

    @Query("update EvolutionJob set ingestion.status = 'failed', ingestion.attempts = ingestion.attempts + 1,"
            + " ingestion.reason = :reason, ingestion.lastAttemptAt = :now, ingestion.nextAttemptAt = :next"
            + " where id = :id and status = :succeeded")
    int ingestionFailed(UUID id, JobStatus succeeded, String reason, Instant now, Instant next);
}
