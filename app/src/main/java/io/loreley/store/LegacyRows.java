package io.loreley.store;

import io.loreley.domain.IslandKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Puts what a {@link LegacySnapshot} held into rows, and fills what the old rows lack. Rows that exist already are newer
 * and stay. Runs in the transaction of the connection that it is given.
 */
final class LegacyRows {

    private final Connection connection;
    private final IslandKey key;

    LegacyRows(Connection connection, IslandKey key) {
        this.connection = connection;
        this.key = key;
    }

    int insertCells(LegacySnapshot legacy) throws SQLException {
        return new IslandRows(connection, key).place(legacy.elites(), legacy.projectionVersion());
    }

    int insertHistory(LegacySnapshot legacy) throws SQLException {
        try (var statement = connection.prepareStatement("""
                INSERT INTO map_elites_pca_history (experiment_id, island_id, commit_hash, vector, embedding_model, last_seen_at)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""")) {
            for (LegacySnapshot.Seen seen : legacy.history()) {
                bind(statement, 1);
                statement.setString(3, seen.commit().value());
                statement.setObject(4, seen.vector().toArray());
                statement.setString(5, seen.model());
                statement.setDouble(6, seen.seenAt());
                statement.addBatch();
            }
            statement.executeBatch();
        }
        return legacy.history().size();
    }

    /**
     * Gives every elite what it competes with when the archive is rebuilt: the version of the projection that placed it,
     * its objective in the history, and its embedding, from the stored sums if the history has let go of it. What orders old
     * rows is their time.
     */
    void complete(int projectionVersion) throws SQLException {
        try (var statement = connection.prepareStatement("""
                UPDATE map_elites_archive_cells SET projection_version = ?
                WHERE experiment_id = ? AND island_id = ? AND projection_version = 0""")) {
            statement.setInt(1, projectionVersion);
            bind(statement, 2);
            statement.executeUpdate();
        }
        try (var statement = connection.prepareStatement("""
                INSERT INTO map_elites_pca_history (experiment_id, island_id, commit_hash, vector, objective, last_seen_at)
                SELECT c.experiment_id, c.island_id, c.commit_hash,
                       (SELECT array_agg(part / a.file_count ORDER BY place) FROM unnest(a.sum_vector) WITH ORDINALITY AS s (part, place)),
                       c.objective, c.timestamp
                FROM map_elites_archive_cells c JOIN map_elites_repo_state_aggregates a USING (experiment_id, commit_hash)
                WHERE c.experiment_id = ? AND c.island_id = ? AND a.file_count > 0 AND a.sum_vector <> '{}'
                ON CONFLICT DO NOTHING""")) {
            bind(statement, 1);
            statement.executeUpdate();
        }
        try (var statement = connection.prepareStatement("""
                UPDATE map_elites_pca_history h SET objective = c.objective FROM map_elites_archive_cells c
                WHERE h.experiment_id = ? AND h.island_id = ? AND h.objective IS NULL
                  AND c.experiment_id = h.experiment_id AND c.island_id = h.island_id AND c.commit_hash = h.commit_hash""")) {
            bind(statement, 1);
            statement.executeUpdate();
        }
        try (var statement = connection.prepareStatement("""
                UPDATE map_elites_pca_history h SET arrival = ordered.arrival
                FROM (SELECT commit_hash, nextval(pg_get_serial_sequence('map_elites_pca_history', 'arrival')) AS arrival
                    FROM (SELECT commit_hash FROM map_elites_pca_history WHERE experiment_id = ? AND island_id = ?
                        ORDER BY last_seen_at, commit_hash) old) ordered
                WHERE h.experiment_id = ? AND h.island_id = ? AND h.commit_hash = ordered.commit_hash""")) {
            bind(statement, 1);
            bind(statement, 3);
            statement.executeUpdate();
        }
    }

    private void bind(PreparedStatement statement, int from) throws SQLException {
        statement.setObject(from, key.experiment().value());
        statement.setString(from + 1, key.island());
    }
}
