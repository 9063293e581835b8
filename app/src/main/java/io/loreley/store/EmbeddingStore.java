package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.mapelites.Vector;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was embedded once: the vectors of blobs, and their sums over commits. A vector of length 0 says that the blob was
 * read and holds nothing to embed. The first vector written for a key stays, and is what everybody uses. Safe for many
 * threads.
 *
 * <p>Writes do not wait for the disk. What a crash of the machine loses is computed again, and a sum never outlives its
 * vectors, because it is written after them.
 */
public final class EmbeddingStore {

    private final Database database;

    public EmbeddingStore(Database database) {
        this.database = database;
    }

    /** The known vectors. One that only another experiment has is taken over, so that nothing is paid for twice. */
    public Map<EmbeddingKey, Vector> find(ExperimentId experiment, Collection<EmbeddingKey> keys) {
        Map<EmbeddingKey, Vector> found = new HashMap<>();
        if (keys.isEmpty()) {
            return found;
        }
        Sql.ask(database, connection -> {
            read(connection, """
                    SELECT c.blob_sha, c.embedding_model, c.vector
                    FROM unnest(?::text[], ?::text[]) AS wanted (blob, model)
                    JOIN map_elites_file_embedding_cache c
                      ON c.blob_sha = wanted.blob AND c.embedding_model = wanted.model AND c.experiment_id = ?""", experiment, keys, found);
            return found;
        });
        Set<EmbeddingKey> missing = new LinkedHashSet<>(keys);
        missing.removeAll(found.keySet());
        if (!missing.isEmpty()) {
            found.putAll(takeOver(experiment, missing));
        }
        return found;
    }

    private Map<EmbeddingKey, Vector> takeOver(ExperimentId experiment, Set<EmbeddingKey> keys) {
        return transaction(connection -> {
            Map<EmbeddingKey, Vector> taken = new HashMap<>();
            read(connection, """
                    INSERT INTO map_elites_file_embedding_cache (experiment_id, blob_sha, embedding_model, dimensions, vector)
                    SELECT DISTINCT ON (c.blob_sha, c.embedding_model) own.id, c.blob_sha, c.embedding_model, c.dimensions, c.vector
                    FROM unnest(?::text[], ?::text[]) AS wanted (blob, model)
                    CROSS JOIN (SELECT ?::uuid) AS own (id)
                    JOIN map_elites_file_embedding_cache c ON c.blob_sha = wanted.blob AND c.embedding_model = wanted.model
                    ORDER BY c.blob_sha, c.embedding_model, c.created_at, c.experiment_id
                    ON CONFLICT DO NOTHING RETURNING blob_sha, embedding_model, vector""", experiment, keys, taken);
            return taken;
        });
    }

    /**
     * Writes vectors; where there is one already it stays.
     *
     * @return what is stored now, which is what must be used
     */
    public Map<EmbeddingKey, Vector> keep(ExperimentId experiment, int dimensions, Map<EmbeddingKey, Vector> vectors) {
        Map<EmbeddingKey, Vector> stored = new HashMap<>(vectors);
        if (vectors.isEmpty()) {
            return stored;
        }
        Set<EmbeddingKey> beaten = transaction(connection -> {
            Set<EmbeddingKey> refused = new LinkedHashSet<>(vectors.keySet());
            refused.removeAll(insert(connection, experiment, dimensions, vectors));
            return refused;
        });
        stored.putAll(find(experiment, beaten));
        return stored;
    }

    /** The vectors travel as one flat array and are cut into rows there: text forms of doubles would take ten times longer. */
    private static Set<EmbeddingKey> insert(
            Connection connection, ExperimentId experiment, int dimensions, Map<EmbeddingKey, Vector> vectors)
            throws SQLException {
        List<Map.Entry<EmbeddingKey, Vector>> entries = List.copyOf(vectors.entrySet());
        double[] flat =
                new double[vectors.values().stream().mapToInt(Vector::length).sum()];
        int[] first = new int[entries.size()];
        int[] last = new int[entries.size()];
        int filled = 0;
        for (int i = 0; i < first.length; i++) {
            double[] values = entries.get(i).getValue().toArray();
            System.arraycopy(values, 0, flat, filled, values.length);
            first[i] = filled + 1;
            filled += values.length;
            last[i] = filled;
        }
        try (var statement = connection.prepareStatement("""
                INSERT INTO map_elites_file_embedding_cache (experiment_id, blob_sha, embedding_model, dimensions, vector)
                SELECT ?, blob, model, ?, (?::float8[])[first:last]
                FROM unnest(?::text[], ?::text[], ?::int[], ?::int[]) AS row (blob, model, first, last)
                ON CONFLICT DO NOTHING RETURNING blob_sha, embedding_model""")) {
            statement.setObject(1, experiment.value());
            statement.setInt(2, dimensions);
            statement.setObject(3, flat);
            statement.setObject(
                    4, entries.stream().map(entry -> entry.getKey().blob()).toArray(String[]::new));
            statement.setObject(
                    5, entries.stream().map(entry -> entry.getKey().model()).toArray(String[]::new));
            statement.setObject(6, first);
            statement.setObject(7, last);
            Set<EmbeddingKey> written = new LinkedHashSet<>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    written.add(new EmbeddingKey(rows.getString(1), rows.getString(2)));
                }
            }
            return written;
        }
    }

    /** The sum of a commit, if it was made by this model. */
    public Optional<CommitAggregate> aggregate(ExperimentId experiment, CommitHash commit, String model) {
        return Sql.ask(database, connection -> {
            try (var statement = connection.prepareStatement("""
                    SELECT file_count, sum_vector FROM map_elites_repo_state_aggregates
                    WHERE experiment_id = ? AND commit_hash = ? AND embedding_model = ?""")) {
                statement.setObject(1, experiment.value());
                statement.setString(2, commit.value());
                statement.setString(3, model);
                try (var rows = statement.executeQuery()) {
                    return rows.next()
                            ? Optional.of(new CommitAggregate(commit, model, rows.getInt(1), vector(rows, 2)))
                            : Optional.empty();
                }
            }
        });
    }

    /** Writes the sum of a commit, in place of one that may be there. */
    public void keep(ExperimentId experiment, CommitAggregate aggregate) {
        transaction(connection -> {
            try (var statement = connection.prepareStatement("""
                    INSERT INTO map_elites_repo_state_aggregates (experiment_id, commit_hash, embedding_model, file_count, sum_vector)
                    VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (experiment_id, commit_hash) DO UPDATE SET embedding_model = excluded.embedding_model,
                        file_count = excluded.file_count, sum_vector = excluded.sum_vector""")) {
                statement.setObject(1, experiment.value());
                statement.setString(2, aggregate.commit().value());
                statement.setString(3, aggregate.model());
                statement.setInt(4, aggregate.files());
                statement.setObject(5, aggregate.sum().toArray());
                return statement.executeUpdate();
            }
        });
    }

    private static void read(
            Connection connection,
            String sql,
            ExperimentId experiment,
            Collection<EmbeddingKey> keys,
            Map<EmbeddingKey, Vector> into)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, keys.stream().map(EmbeddingKey::blob).toArray(String[]::new));
            statement.setObject(2, keys.stream().map(EmbeddingKey::model).toArray(String[]::new));
            statement.setObject(3, experiment.value());
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    into.put(new EmbeddingKey(rows.getString(1), rows.getString(2)), vector(rows, 3));
                }
            }
        }
    }

    private static Vector vector(ResultSet rows, int column) throws SQLException {
        Double[] boxed = (Double[]) rows.getArray(column).getArray();
        double[] values = new double[boxed.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = boxed[i];
        }
        return Vector.of(values);
    }

    private <T> T transaction(Sql.Work<T> work) {
        return Sql.transaction(database, connection -> {
            Sql.update(connection, "SET LOCAL synchronous_commit = off");
            return work.with(connection);
        });
    }
}
