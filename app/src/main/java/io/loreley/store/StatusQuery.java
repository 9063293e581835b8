package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.ExperimentStatus.BudgetUse;
import io.loreley.domain.ExperimentStatus.Improvement;
import io.loreley.domain.ExperimentStatus.Score;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobStatus;
import io.loreley.domain.Objective;
import io.loreley.domain.Spread;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an experiment stands, in a handful of plain statements in one read-only snapshot. Needs no session factory, so
 * that a short command starts fast.
 */
public final class StatusQuery {

    private final Database database;
    private final InstantSource clock;

    public StatusQuery(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** What the query cannot know of an experiment. */
    public record Frame(
            ExperimentId id,
            String name,
            Objective objective,
            long cells,
            @Nullable Long jobLimit,
            Duration timeUsed,
            @Nullable Duration timeLimit,
            @Nullable Double costLimit,
            @Nullable Long tokenLimit) {

        /** An experiment that is looked at and not run. */
        public static Frame unlimited(ExperimentId id, String name, Objective objective, long cells) {
            return new Frame(id, name, objective, cells, null, Duration.ZERO, null, null, null);
        }
    }

    public ExperimentStatus status(Frame frame) {
        return Sql.ask(database, connection -> {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            ExperimentStatus status = read(connection, frame);
            connection.commit();
            return status;
        });
    }

    private ExperimentStatus read(Connection connection, Frame frame) throws SQLException {
        Direction direction = frame.objective().direction();
        List<Improvement> history = new ArrayList<>();
        Score root = null;
        Score best = null;
        try (var statement = connection.prepareStatement("""
                SELECT b.objective, b.commit_hash, b.draw, b.found_at, coalesce(c.subject, ''),
                    EXISTS (SELECT FROM evolution_jobs j WHERE j.experiment_id = b.experiment_id
                        AND j.result_commit_hash = b.commit_hash AND j.kind = 'ROOT')
                FROM best_history b
                LEFT JOIN commit_cards c ON c.experiment_id = b.experiment_id AND c.commit_hash = b.commit_hash
                WHERE b.experiment_id = ? AND %s ORDER BY b.objective""".formatted(Marks.NOT_BANNED.formatted("b")))) {
            bind(statement, frame);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    double value = direction.oriented(rows.getDouble(1));
                    Score score = new Score(new CommitHash(rows.getString(2)), value, rows.getString(5));
                    long number = rows.getLong(3);
                    boolean isRoot = rows.getBoolean(6);
                    history.add(new Improvement(isRoot ? 0 : number + 1, instant(rows.getTimestamp(4)), value));
                    root = isRoot ? score : root;
                    best = score;
                }
            }
        }
        if (root == null) {
            root = lateRoot(connection, frame);
        }
        Counts counts = counts(connection, frame);
        Archive archive = archive(connection, frame);
        return new ExperimentStatus(
                frame.name(),
                frame.id(),
                frame.objective(),
                new ExperimentStatus.Jobs(
                        counts.in(JobStatus.PENDING),
                        counts.in(JobStatus.QUEUED),
                        counts.in(JobStatus.RUNNING),
                        counts.in(JobStatus.SUCCEEDED),
                        counts.in(JobStatus.FAILED),
                        counts.in(JobStatus.CANCELLED)),
                counts.failures(),
                root,
                best,
                history,
                archive.elites(),
                frame.cells(),
                archive.qdScore(),
                elapsed(connection, frame, counts.in(JobStatus.RUNNING) > 0),
                new BudgetUse(
                        drawn(connection, frame),
                        frame.jobLimit(),
                        frame.timeUsed(),
                        frame.timeLimit(),
                        frame.costLimit(),
                        frame.tokenLimit()),
                Expenses.byAgent(connection, frame.id()),
                noise(connection, frame, root),
                Holdouts.standing(connection, frame.id(), frame.objective()));
    }

    /** How far measurements of the root lie apart; null unless there are several. */
    private static @Nullable Spread noise(Connection connection, Frame frame, @Nullable Score root)
            throws SQLException {
        if (root == null) {
            return null;
        }
        try (var statement = connection.prepareStatement("""
                SELECT m.samples, m.deviation FROM commit_cards c JOIN metrics m ON m.commit_card_id = c.id
                WHERE c.experiment_id = ? AND c.commit_hash = ? AND m.name = ? AND m.samples > 1""")) {
            bind(statement, frame);
            statement.setString(2, root.commit().value());
            statement.setString(3, frame.objective().metric());
            try (var rows = statement.executeQuery()) {
                return rows.next() ? new Spread(rows.getInt(1), rows.getDouble(2)) : null;
            }
        }
    }

    /** The root of an experiment that another system began, measured when others had been better already. */
    private static @Nullable Score lateRoot(Connection connection, Frame frame) throws SQLException {
        try (var statement = connection.prepareStatement("""
                SELECT c.commit_hash, m.value, c.subject FROM evolution_jobs j
                JOIN commit_cards c ON c.experiment_id = j.experiment_id AND c.commit_hash = j.result_commit_hash
                JOIN metrics m ON m.commit_card_id = c.id AND m.name = ?
                WHERE j.kind = 'ROOT' AND j.experiment_id = ? ORDER BY j.scheduled_at DESC LIMIT 1""")) {
            statement.setString(1, frame.objective().metric());
            statement.setObject(2, frame.id().value());
            try (var rows = statement.executeQuery()) {
                return rows.next()
                        ? new Score(new CommitHash(rows.getString(1)), rows.getDouble(2), rows.getString(3))
                        : null;
            }
        }
    }

    /** The jobs of an experiment, from the counters that triggers keep. */
    private record Counts(Map<JobStatus, Long> jobs, Map<FailureKind, Long> failures) {

        Counts {
            jobs = Map.copyOf(jobs);
            failures = Map.copyOf(failures);
        }

        long in(JobStatus status) {
            return jobs.getOrDefault(status, 0L);
        }
    }

    private static Counts counts(Connection connection, Frame frame) throws SQLException {
        Map<JobStatus, Long> jobs = new EnumMap<>(JobStatus.class);
        Map<FailureKind, Long> failures = new EnumMap<>(FailureKind.class);
        try (var statement = connection.prepareStatement("""
                SELECT status::text, failure_kind, sum(jobs) FROM evolution_job_counts
                WHERE experiment_id = ? GROUP BY status, failure_kind HAVING sum(jobs) <> 0""")) {
            bind(statement, frame);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    JobStatus status = JobStatus.valueOf(rows.getString(1));
                    jobs.merge(status, rows.getLong(3), Long::sum);
                    if (status == JobStatus.FAILED) {
                        failures.put(FailureKind.valueOf(rows.getString(2)), rows.getLong(3));
                    }
                }
            }
        }
        return new Counts(jobs, failures);
    }

    private record Archive(int elites, double qdScore) {}

    private static Archive archive(Connection connection, Frame frame) throws SQLException {
        try (var statement = connection.prepareStatement(
                "SELECT count(*), coalesce(sum(objective), 0) FROM map_elites_archive_cells WHERE experiment_id = ?")) {
            bind(statement, frame);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return new Archive(rows.getInt(1), rows.getDouble(2));
            }
        }
    }

    private static long drawn(Connection connection, Frame frame) throws SQLException {
        try (var statement = connection.prepareStatement(
                "SELECT coalesce(max(draw) + 1, 0) FROM evolution_jobs WHERE experiment_id = ?")) {
            bind(statement, frame);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private Duration elapsed(Connection connection, Frame frame, boolean running) throws SQLException {
        try (var statement = connection.prepareStatement(
                "SELECT min(started_at), max(completed_at) FROM evolution_jobs WHERE experiment_id = ?")) {
            bind(statement, frame);
            try (var rows = statement.executeQuery()) {
                rows.next();
                Timestamp first = rows.getTimestamp(1);
                Timestamp last = rows.getTimestamp(2);
                if (first == null) {
                    return Duration.ZERO;
                }
                Instant end = running || last == null ? clock.instant() : last.toInstant();
                return Duration.between(first.toInstant(), end);
            }
        }
    }

    private static Instant instant(Timestamp timestamp) {
        return timestamp.toInstant();
    }

    private static void bind(PreparedStatement statement, Frame frame) throws SQLException {
        statement.setObject(1, frame.id().value());
    }
}
