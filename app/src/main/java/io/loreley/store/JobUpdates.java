package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.IngestionStatus;
import io.loreley.domain.JobId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
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

    /** Which of them, by their places in the list, won their jobs, which were waiting. */
    BitSet claim(List<Jobs.Claim> claims, Instant now) {
        return places(
                """
                UPDATE evolution_jobs SET status = 'RUNNING', attempt = attempt + 1, worker = wanted.worker, stage = wanted.stage,
                    started_at = ?, failure_kind = NULL, last_error = NULL
                FROM unnest(?, ?, ?) WITH ORDINALITY AS wanted (id, worker, stage, place)
                WHERE evolution_jobs.id = wanted.id AND status = 'QUEUED' RETURNING wanted.place""",
                utc(now),
                array(claims, UUID[]::new, claim -> claim.job().value()),
                array(claims, String[]::new, Jobs.Claim::worker),
                array(claims, String[]::new, Jobs.Claim::stage));
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

    /** What an attempt leaves: its commit, and what it had planned. */
    record Done(
            JobId job,
            int attempt,
            CommitHash commit,
            @Nullable String plan) {}

    /** Which of them, by their places in the list, held their jobs, which have ended now. */
    BitSet succeed(List<Done> done, Instant now) {
        return places(
                """
                UPDATE evolution_jobs SET status = 'SUCCEEDED', result_commit_hash = done.commit, plan_summary = done.plan,
                    completed_at = ?, stage = NULL
                FROM unnest(?, ?, ?, ?) WITH ORDINALITY AS done (id, attempt, commit, plan, place)
                WHERE evolution_jobs.id = done.id AND status = 'RUNNING' AND evolution_jobs.attempt = done.attempt
                RETURNING done.place""",
                utc(now),
                array(done, UUID[]::new, job -> job.job().value()),
                array(done, Integer[]::new, Done::attempt),
                array(done, String[]::new, job -> job.commit().value()),
                array(done, String[]::new, Done::plan));
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

    /** Of a statement on many rows that returns the places of those that it changed, counted from 1. */
    private BitSet places(String sql, Object... values) {
        BitSet places = new BitSet();
        session.doReturningWork(connection -> Sql.rows(connection, row -> row.getInt(1) - 1, sql, values))
                .forEach(places::set);
        return places;
    }

    private static <R, V> @Nullable V[] array(
            List<R> rows, IntFunction<@Nullable V[]> make, Function<R, ? extends @Nullable V> value) {
        return rows.stream().map(value).toArray(make);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
