package io.loreley.store;

import io.loreley.domain.ExperimentId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalDouble;

/** The rows of {@code best_history}: each time the best objective of an experiment rose. */
final class BestHistory {

    /** Adds a row for what {@code found} is: experiment, objective, commit and time. */
    private static final String INSERT = """
            INSERT INTO best_history (experiment_id, objective, commit_hash, draw, found_at)
            SELECT experiment, objective, commit,
                -- The root has no draw, and what was drawn again has no number of its own: it came after those so far.
                CASE WHEN NOT EXISTS (SELECT FROM evolution_jobs j WHERE j.experiment_id = experiment
                        AND j.result_commit_hash = commit AND j.kind = 'ROOT')
                    THEN coalesce((SELECT min(draw) FROM evolution_jobs j WHERE j.experiment_id = experiment
                            AND j.result_commit_hash = commit AND j.kind <> 'REMEASURE'),
                        (SELECT max(draw) FROM evolution_jobs j WHERE j.experiment_id = experiment), 0) END,
                found_at
            FROM (%s) AS found (experiment, objective, commit, found_at)
            ON CONFLICT DO NOTHING""";

    private BestHistory() {}

    /** Notes a commit if it is better than all before that are not banned; answers what was best then. */
    static Optional<Archives.BestBefore> note(
            Connection connection, ExperimentId experiment, Observation seen, Instant now) throws SQLException {
        OptionalDouble best = OptionalDouble.empty();
        try (var statement = Sql.prepare(
                        connection,
                        "SELECT objective FROM best_history best WHERE experiment_id = ? AND %s ORDER BY objective DESC LIMIT 1"
                                .formatted(Marks.NOT_BANNED.formatted("best")),
                        experiment.value());
                var rows = statement.executeQuery()) {
            if (rows.next()) {
                best = OptionalDouble.of(rows.getDouble(1));
            }
        }
        if (best.isPresent() && best.getAsDouble() >= seen.objective()) {
            return Optional.empty();
        }
        Sql.update(
                connection,
                INSERT.formatted("VALUES (?::uuid, ?::float8, ?::varchar, ?::timestamptz)"),
                experiment.value(),
                seen.objective(),
                seen.commit().value(),
                now.atOffset(ZoneOffset.UTC));
        return Optional.of(new Archives.BestBefore(best));
    }

    /**
     * Gives a commit that was measured again its new objective, and adds a row for the best elite if that is better than all
     * that is left. The root's row stays: it is what all else is compared with.
     */
    static void correct(Connection connection, ExperimentId experiment, Observation seen) throws SQLException {
        Sql.update(
                connection,
                """
                WITH gone AS (
                    DELETE FROM best_history WHERE experiment_id = ? AND commit_hash = ? RETURNING draw, found_at)
                INSERT INTO best_history (experiment_id, objective, commit_hash, draw, found_at)
                SELECT ?, ?, ?, draw, found_at FROM gone
                ON CONFLICT DO NOTHING""",
                experiment.value(),
                seen.commit().value(),
                experiment.value(),
                seen.objective(),
                seen.commit().value());
        noteBestElite(connection, experiment);
    }

    /** Adds a row for the best elite that is not banned, if it is better than all other rows of such. */
    static void noteBestElite(Connection connection, ExperimentId experiment) throws SQLException {
        Sql.update(
                connection,
                INSERT.formatted("""
                        SELECT experiment_id, objective, commit_hash, now() FROM map_elites_archive_cells cell
                        WHERE experiment_id = ? AND objective IS NOT NULL AND %s AND objective > ALL (
                            SELECT objective FROM best_history best WHERE experiment_id = ? AND %s)
                        ORDER BY objective DESC, commit_hash LIMIT 1""".formatted(Marks.NOT_BANNED.formatted("cell"), Marks.NOT_BANNED.formatted("best"))),
                experiment.value(),
                experiment.value());
    }
}
