package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.ExperimentStatus.Holdout;
import io.loreley.domain.ExperimentStatus.Score;
import io.loreley.domain.Limits;
import io.loreley.domain.Objective;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;

/**
 * What the hold-out said of an experiment's elites and of those that were the best once, from the best downwards. Each is
 * asked about once.
 */
public final class Holdouts {

    /** After so many failures no more is measured: one that is worse than all of them is no find either. */
    private static final int MOST_FAILURES = 10;

    /** Commits that are looked at for one that passed. */
    private static final int DEPTH = 100;

    private final Database database;

    public Holdouts(Database database) {
        this.database = database;
    }

    /** Where it stands. */
    public Holdout of(ExperimentId experiment, Objective objective) {
        return walk(experiment, objective).standing();
    }

    /** The best that it has not seen; none if a better one passed, or too many failed. */
    public Optional<CommitHash> next(ExperimentId experiment, Objective objective) {
        return Optional.ofNullable(walk(experiment, objective).next);
    }

    /** Where it stands, if it has said anything yet. */
    static @Nullable Holdout standing(Connection connection, ExperimentId experiment, Objective objective)
            throws SQLException {
        boolean saidAnything = Sql.exists(
                connection,
                "SELECT FROM commit_cards WHERE experiment_id = ? AND holdout IS NOT NULL LIMIT 1",
                experiment.value());
        return saidAnything ? walk(connection, experiment, objective).standing() : null;
    }

    /**
     * Writes what it said, in the transaction of the session.
     *
     * @param job measured its base
     * @param reason why the commit fails; null if it passes
     */
    static void write(StatelessSession session, EvolutionJob job, @Nullable String reason) {
        Experiment experiment = job.experiment();
        CommitHash commit = job.base();
        if (experiment == null || commit == null) {
            throw new IllegalStateException("job %s measures nothing. Indicates a bug.".formatted(job.id()));
        }
        session.createNativeMutationQuery("""
                        UPDATE commit_cards SET holdout = :said, holdout_reason = :reason
                        WHERE experiment_id = :experiment AND commit_hash = :commit""")
                .setParameter("said", reason == null ? "PASSED" : "FAILED")
                .setParameter(
                        "reason",
                        reason == null
                                ? null
                                : Limits.clamp(Limits.oneLine(Jobs.storable(reason)), Limits.VERDICT_REASON),
                        String.class)
                .setParameter("experiment", experiment.id().value())
                .setParameter("commit", commit.value())
                .executeUpdate();
    }

    /** Why a commit failed; empty if it passed. */
    static Optional<String> reason(StatelessSession session, ExperimentId experiment, CommitHash commit) {
        return session.createNativeQuery("""
                        SELECT holdout_reason FROM commit_cards
                        WHERE experiment_id = :experiment AND commit_hash = :commit AND holdout = 'FAILED'""", String.class)
                .setParameter("experiment", experiment.value())
                .setParameter("commit", commit.value())
                .uniqueResultOptional();
    }

    private Walk walk(ExperimentId experiment, Objective objective) {
        return Sql.ask(database, connection -> walk(connection, experiment, objective));
    }

    private static Walk walk(Connection connection, ExperimentId experiment, Objective objective) throws SQLException {
        String order = objective.direction().higherIsBetter() ? "DESC" : "ASC";
        try (var statement =
                connection.prepareStatement("""
                SELECT c.commit_hash, m.value, c.subject, c.holdout
                FROM (SELECT commit_hash FROM map_elites_archive_cells WHERE experiment_id = ?
                      UNION SELECT commit_hash FROM best_history WHERE experiment_id = ?) good
                JOIN commit_cards c ON c.experiment_id = ? AND c.commit_hash = good.commit_hash
                JOIN metrics m ON m.commit_card_id = c.id AND m.name = ?
                WHERE %s ORDER BY m.value %s, c.created_at, c.id LIMIT %d""".formatted(Marks.NOT_BANNED.formatted("c"), order, DEPTH))) {
            for (int i = 1; i <= 3; i++) {
                statement.setObject(i, experiment.value());
            }
            statement.setString(4, objective.metric());
            Walk walk = new Walk();
            try (var rows = statement.executeQuery()) {
                while (walk.passed == null && rows.next()) {
                    walk.meet(
                            new Score(new CommitHash(rows.getString(1)), rows.getDouble(2), rows.getString(3)),
                            rows.getString(4));
                }
            }
            return walk;
        }
    }

    /** From the best down to one that passed. */
    private static final class Walk {

        private final List<CommitHash> failed = new ArrayList<>();
        private @Nullable CommitHash next;
        private @Nullable Score passed;

        private void meet(Score commit, @Nullable String said) {
            if (said == null) {
                if (next == null && failed.size() < MOST_FAILURES) {
                    next = commit.commit();
                }
            } else if (said.equals("PASSED")) {
                passed = commit;
            } else {
                failed.add(commit.commit());
            }
        }

        private Holdout standing() {
            return new Holdout(passed, failed, next != null);
        }
    }
}
