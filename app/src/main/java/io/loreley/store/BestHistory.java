package io.loreley.store;

import io.loreley.domain.ExperimentId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;

/** Corrects the rows of {@code best_history} after a commit was measured again. */
final class BestHistory {

    private BestHistory() {}

    /**
     * Gives the commit's row its new objective, and adds a row for the best elite if that is better than all that is left.
     * The root's row, which has no draw, stays: it is what all else is compared with.
     */
    static void correct(Connection connection, ExperimentId experiment, Observation seen, Instant now)
            throws SQLException {
        try (var moved = connection.prepareStatement("""
                WITH gone AS (
                    DELETE FROM best_history WHERE experiment_id = ? AND commit_hash = ? RETURNING draw, found_at)
                INSERT INTO best_history (experiment_id, objective, commit_hash, draw, found_at)
                SELECT ?, ?, ?, draw, found_at FROM gone
                ON CONFLICT DO NOTHING""")) {
            moved.setObject(1, experiment.value());
            moved.setString(2, seen.commit().value());
            moved.setObject(3, experiment.value());
            moved.setDouble(4, seen.objective());
            moved.setString(5, seen.commit().value());
            moved.executeUpdate();
        }
        try (var best = connection.prepareStatement("""
                INSERT INTO best_history (experiment_id, objective, commit_hash, draw, found_at)
                SELECT c.experiment_id, c.objective, c.commit_hash,
                    (SELECT min(draw) FROM evolution_jobs j WHERE j.experiment_id = c.experiment_id
                        AND j.result_commit_hash = c.commit_hash AND j.kind <> 'REMEASURE'), ?
                FROM map_elites_archive_cells c
                WHERE c.experiment_id = ?
                  AND c.objective > ALL (SELECT objective FROM best_history WHERE experiment_id = ?)
                ORDER BY c.objective DESC, c.commit_hash LIMIT 1
                ON CONFLICT DO NOTHING""")) {
            best.setObject(1, now.atOffset(ZoneOffset.UTC));
            best.setObject(2, experiment.value());
            best.setObject(3, experiment.value());
            best.executeUpdate();
        }
    }
}
