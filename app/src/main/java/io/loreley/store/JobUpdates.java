package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.IngestionStatus;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;

/**
 * The edges of {@code docs/job-states.md}, each a statement that names the state, and where a worker writes, the attempt that
 * it expects. The answer says whether the job was there. They are in SQL because Hibernate translates an update of its own
 * language anew at each call, which costs more than the update.
 */
final class JobUpdates {

    private static final String HELD = " WHERE id = ? AND status = 'RUNNING' AND attempt = ?";

    private final StatelessSession session;

    JobUpdates(StatelessSession session) {
        this.session = session;
    }

    boolean claim(UUID job, String worker, String stage, Instant now) {
        return changes("""
                UPDATE evolution_jobs SET status = 'RUNNING', attempt = attempt + 1, worker = ?, stage = ?, started_at = ?,
                    failure_kind = NULL, last_error = NULL WHERE id = ? AND status = 'QUEUED'""", worker, stage, utc(now), job);
    }

    boolean giveBack(UUID job, int attempt) {
        return changes("UPDATE evolution_jobs SET status = 'QUEUED', worker = NULL, stage = NULL" + HELD, job, attempt);
    }

    /** @param limit how often a job is postponed in its life */
    boolean postpone(UUID job, int attempt, FailureKind kind, String error, int limit) {
        return changes(
                "UPDATE evolution_jobs SET status = 'QUEUED', worker = NULL, stage = NULL, retries = retries + 1,"
                        + " failure_kind = ?, last_error = ?" + HELD + " AND retries < ?",
                kind.name(),
                error,
                job,
                attempt,
                limit);
    }

    boolean requeueLost(UUID job, String dead, int maxLost) {
        return changes("""
                UPDATE evolution_jobs SET status = 'QUEUED', worker = NULL, stage = NULL, lost_attempts = lost_attempts + 1
                WHERE id = ? AND status = 'RUNNING' AND worker = ? AND lost_attempts < ?""", job, dead, maxLost);
    }

    boolean failLost(UUID job, String dead, FailureKind kind, String error, Instant now) {
        return changes("""
                UPDATE evolution_jobs SET status = 'FAILED', lost_attempts = lost_attempts + 1, failure_kind = ?, last_error = ?,
                    completed_at = ? WHERE id = ? AND status = 'RUNNING' AND worker = ?""", kind.name(), error, utc(now), job, dead);
    }

    boolean stage(UUID job, int attempt, String stage) {
        return changes("UPDATE evolution_jobs SET stage = ?" + HELD, stage, job, attempt);
    }

    boolean succeed(UUID job, int attempt, String result, @Nullable String plan, Instant now) {
        return changes(
                "UPDATE evolution_jobs SET status = 'SUCCEEDED', result_commit_hash = ?, plan_summary = ?, completed_at = ?,"
                        + " stage = NULL" + HELD,
                result,
                plan,
                utc(now),
                job,
                attempt);
    }

    boolean fail(UUID job, int attempt, FailureKind kind, String error, Instant now) {
        return changes(
                "UPDATE evolution_jobs SET status = 'FAILED', failure_kind = ?, last_error = ?, completed_at = ?"
                        + HELD,
                kind.name(),
                error,
                utc(now),
                job,
                attempt);
    }

    /** What the archive said to a candidate. */
    boolean ingested(
            UUID job,
            IngestionStatus status,
            @Nullable Double delta,
            @Nullable Integer code,
            @Nullable String message,
            @Nullable Long cell,
            Instant now) {
        return changes("""
                UPDATE evolution_jobs SET ingestion_status = ?, ingestion_attempts = ingestion_attempts + 1, ingestion_delta = ?,
                    ingestion_status_code = ?, ingestion_message = ?, ingestion_cell_index = ?, ingestion_last_attempt_at = ?,
                    ingestion_next_attempt_at = NULL, ingestion_reason = NULL WHERE id = ? AND status = 'SUCCEEDED'""", status.stored(), delta, code, message, cell, utc(now), job);
    }

    boolean ingestionFailed(UUID job, String reason, Instant now, Instant next) {
        return changes("""
                UPDATE evolution_jobs SET ingestion_status = 'failed', ingestion_attempts = ingestion_attempts + 1,
                    ingestion_reason = ?, ingestion_last_attempt_at = ?, ingestion_next_attempt_at = ?
                WHERE id = ? AND status = 'SUCCEEDED'""", reason, utc(now), utc(next), job);
    }

    private boolean changes(String sql, @Nullable Object... values) {
        return session.doReturningWork(connection -> Sql.update(connection, sql, values)) == 1;
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
