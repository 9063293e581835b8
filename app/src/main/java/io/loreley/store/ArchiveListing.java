package io.loreley.store;

import static io.loreley.store.Question.instant;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.IslandKey;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The archives of an experiment, row by row as they are stored: nothing is rebuilt to look at them. */
public final class ArchiveListing {

    /** SQL for the version of a stored layout; before there were measured axes it was that of the projection. */
    static final String VERSION = "coalesce(snapshot->>'layout_version', snapshot->'projection'->>'version')::int";

    private final Database database;

    public ArchiveListing(Database database) {
        this.database = database;
    }

    /**
     * An island in numbers.
     *
     * @param best oriented: higher is better
     */
    public record IslandLine(
            String island,
            long occupied,
            double qdScore,
            @Nullable Double best,
            @Nullable Instant changed) {}

    /**
     * How an island is laid out.
     *
     * @param version of the layout, from 1: cells of two versions cannot be compared
     * @param method of the learned axes; absent if there are none
     * @param samples commits to which it was fitted
     * @param explained the variance of those commits along each learned axis, where a fit says it
     * @param bounds what lies at 0 and at 1 of each axis, in the unit of its metric; null for a learned one
     */
    public record Layout(
            String island,
            @Nullable Integer version,
            @Nullable String method,
            int samples,
            List<Double> explained,
            List<@Nullable Range> bounds,
            long history,
            @Nullable Instant updatedAt) {

        public Layout {
            explained = List.copyOf(explained);
            bounds = Collections.unmodifiableList(new ArrayList<>(bounds));
        }
    }

    /** From the value that maps to 0 to the one that maps to 1; what lies outside is moved to the nearer end. */
    public record Range(double lower, double upper) {}

    /**
     * Elites of an island, column by column.
     *
     * @param commits the first twelve digits
     * @param objectives oriented: higher is better
     * @param measures one column an axis
     * @param values another metric, if one was asked for; null where it was not measured
     * @param placedAt seconds since the epoch
     */
    public record Cells(
            List<Long> cells,
            List<String> commits,
            List<Double> objectives,
            List<List<Double>> measures,
            List<@Nullable Double> values,
            List<Double> placedAt) {}

    /** An elite near another. */
    public record Neighbour(CommitHash commit, String subject, double objective, long cell, double distance) {}

    /** All islands that hold something, sorted; and the default one at least. */
    public List<IslandLine> islands(ExperimentId experiment) {
        List<IslandLine> found = new Question(database, "the islands")
                .add("""
                        SELECT island_id, count(*) AS occupied, sum(objective) AS qd, max(objective) AS best, max(updated_at) AS changed
                        FROM map_elites_archive_cells WHERE experiment_id = ? GROUP BY island_id ORDER BY island_id""", experiment.value())
                .list(rows -> new IslandLine(
                        rows.getString("island_id"),
                        rows.getLong("occupied"),
                        rows.getDouble("qd"),
                        rows.getDouble("best"),
                        instant(rows, "changed")));
        return found.isEmpty() ? List.of(new IslandLine(IslandKey.DEFAULT_ISLAND, 0, 0, null, null)) : found;
    }

    public Optional<Layout> layout(Catalogue.Entry experiment, String island) {
        return new Question(database, "the layout of island " + island)
                .add("""
                        SELECT island_id, %s AS version, snapshot->'projection'->>'method' AS method,
                            coalesce(snapshot->'projection'->>'sample_count', snapshot->'metric_ranges'->>'sample_count', '0')::int AS samples,
                            updated_at,
                            ARRAY(SELECT v::float8 FROM jsonb_array_elements_text(coalesce(snapshot->'projection'->'explained_variance', '[]')) v) AS explained,
                            ARRAY(SELECT v::float8 FROM jsonb_array_elements(coalesce(snapshot->'metric_ranges'->'bounds', '[]')) axis,
                                jsonb_array_elements_text(axis) v) AS bounds,
                            (SELECT count(*) FROM map_elites_pca_history h WHERE h.experiment_id = s.experiment_id AND h.island_id = s.island_id) AS history
                        FROM map_elites_states s WHERE experiment_id = ? AND island_id = ?""".formatted(VERSION), experiment.id().value(), island)
                .first(rows -> new Layout(
                        rows.getString("island_id"),
                        rows.getObject("version", Integer.class),
                        rows.getString("method"),
                        rows.getInt("samples"),
                        doubles(rows.getArray("explained")),
                        bounds(experiment, doubles(rows.getArray("bounds"))),
                        rows.getLong("history"),
                        instant(rows, "updated_at")));
    }

    /** Of each axis in turn. Given are the lower and the upper bound of one measured axis after the other. */
    private static List<@Nullable Range> bounds(Catalogue.Entry experiment, List<Double> measured) {
        Iterator<Double> next = measured.iterator();
        List<@Nullable Range> bounds = new ArrayList<>();
        for (Optional<String> metric : experiment.measures()) {
            bounds.add(metric.isPresent() && next.hasNext() ? new Range(next.next(), next.next()) : null);
        }
        return bounds;
    }

    /** The elites of an island, the oldest first. */
    public Cells cells(IslandKey key) {
        return cells(elites(key, null).add("ORDER BY a.timestamp, a.cell_index"), false);
    }

    /**
     * A page of the elites of an island, in the order of their cells.
     *
     * @param metric beside the objective; absent for none
     * @param after the cell of the last one seen; -1 to begin
     */
    public Cells page(IslandKey key, @Nullable String metric, long after, int limit) {
        Question question = elites(key, metric).add("AND a.cell_index > ? ORDER BY a.cell_index LIMIT ?", after, limit);
        return cells(question, metric != null);
    }

    /** The best elites of an island, best first. */
    public Cells best(IslandKey key, @Nullable String metric, int most) {
        Question question = elites(key, metric).add("ORDER BY a.objective DESC, a.cell_index LIMIT ?", most);
        return cells(question, metric != null);
    }

    /** How many elites an island has. */
    public long occupied(IslandKey key) {
        return new Question(database, "the cells of island " + key.island())
                .add(
                        "SELECT count(*) FROM map_elites_archive_cells WHERE experiment_id = ? AND island_id = ?",
                        key.experiment().value(),
                        key.island())
                .number();
    }

    /** The best elites of all islands, best first. */
    public List<CommitHash> best(ExperimentId experiment, int most) {
        return new Question(database, "the best elites")
                .add("""
                        SELECT commit_hash FROM map_elites_archive_cells WHERE experiment_id = ?
                        GROUP BY commit_hash ORDER BY max(objective) DESC, commit_hash LIMIT ?""", experiment.value(), most)
                .list(rows -> new CommitHash(rows.getString(1)));
    }

    private Question elites(IslandKey key, @Nullable String metric) {
        Question question = new Question(database, "the cells of island " + key.island());
        return metric == null
                ? question.add("""
                        SELECT cell_index, commit_hash, objective, measures, timestamp FROM map_elites_archive_cells a
                        WHERE a.experiment_id = ? AND a.island_id = ?""", key.experiment().value(), key.island())
                : question.add("""
                        SELECT cell_index, a.commit_hash, objective, measures, timestamp,
                            (SELECT m.value FROM commit_cards c JOIN metrics m ON m.commit_card_id = c.id AND m.name = ?
                                WHERE c.experiment_id = a.experiment_id AND c.commit_hash = a.commit_hash) AS value
                        FROM map_elites_archive_cells a WHERE a.experiment_id = ? AND a.island_id = ?""", metric, key.experiment().value(), key.island());
    }

    private static Cells cells(Question question, boolean valued) {
        Cells cells = new Cells(
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
        question.each(rows -> add(rows, cells, valued));
        return cells;
    }

    private static void add(ResultSet rows, Cells cells, boolean valued) throws SQLException {
        cells.cells.add(rows.getLong("cell_index"));
        cells.commits.add(rows.getString("commit_hash").substring(0, 12));
        cells.objectives.add(rows.getDouble("objective"));
        List<Double> measures = doubles(rows.getArray("measures"));
        while (cells.measures.size() < measures.size()) {
            cells.measures.add(new ArrayList<>());
        }
        for (int axis = 0; axis < measures.size(); axis++) {
            cells.measures.get(axis).add(measures.get(axis));
        }
        if (valued) {
            cells.values.add(Question.real(rows, "value"));
        }
        cells.placedAt.add(rows.getDouble("timestamp"));
    }

    /** The elites nearest to one, by their measures. */
    public List<Neighbour> neighbours(IslandKey key, CommitHash commit, int most) {
        return new Question(database, "the neighbours of " + commit)
                .add("""
                        SELECT a.commit_hash, coalesce(c.subject, '') AS subject, a.objective, a.cell_index,
                            (SELECT sqrt(sum((x - y) ^ 2)) FROM unnest(a.measures, me.measures) AS pair (x, y)) AS distance
                        FROM map_elites_archive_cells me
                        JOIN map_elites_archive_cells a ON a.experiment_id = me.experiment_id AND a.island_id = me.island_id
                            AND a.commit_hash <> me.commit_hash
                        LEFT JOIN commit_cards c ON c.experiment_id = a.experiment_id AND c.commit_hash = a.commit_hash
                        WHERE me.experiment_id = ? AND me.island_id = ? AND me.commit_hash = ? ORDER BY distance, a.cell_index LIMIT ?""", key.experiment().value(), key.island(), commit.value(), most)
                .list(rows -> new Neighbour(
                        new CommitHash(rows.getString("commit_hash")),
                        rows.getString("subject"),
                        rows.getDouble("objective"),
                        rows.getLong("cell_index"),
                        rows.getDouble("distance")));
    }

    /** A cell that a commit holds. */
    public record Seat(String island, long cell) {}

    /**
     * The cells that a commit holds. A migrant holds one on each island where it is an elite.
     *
     * @param home the island whose cell is named first
     */
    public List<Seat> seats(IslandKey home, CommitHash commit) {
        return new Question(database, "the cells of " + commit)
                .add("""
                        SELECT island_id, cell_index FROM map_elites_archive_cells WHERE experiment_id = ? AND commit_hash = ?
                        ORDER BY island_id <> ?, island_id, cell_index""", home.experiment().value(), commit.value(), home.island())
                .list(rows -> new Seat(rows.getString("island_id"), rows.getLong("cell_index")));
    }

    static List<Double> doubles(@Nullable Array array) throws SQLException {
        return array == null ? List.of() : Arrays.asList((Double[]) array.getArray());
    }
}
