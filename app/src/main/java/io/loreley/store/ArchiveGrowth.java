package io.loreley.store;

import static io.loreley.store.Question.instant;
import static io.loreley.store.Question.whole;

import io.loreley.domain.CommitHash;
import io.loreley.domain.IslandKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who entered which square of an island's map when: jobs, and migrants from other islands. The cell that a commit entered was
 * written once, under the layout of that moment. After a new layout, and without a grid, it says nothing on the map of today:
 * then today's elites stand for all, by when they were placed.
 */
public final class ArchiveGrowth {

    /** Jobs whose result entered a cell, as an index has them in order. */
    private static final String JOBS = """
            FROM evolution_jobs WHERE experiment_id = ? AND coalesce(island_id, '%s') = ?
                AND ingestion_status = 'succeeded' AND ingestion_cell_index IS NOT NULL""".formatted(IslandKey.DEFAULT_ISLAND);

    private static final String MIGRANTS = """
            FROM island_migrants n JOIN island_migrations g ON g.experiment_id = n.experiment_id AND g.number = n.number
            WHERE n.experiment_id = ? AND n.to_island = ? AND n.cell_index IS NOT NULL""";

    /** Before the first entrance. A place behind one names its commit. */
    public static final Cursor<String> BEGINNING = new Cursor<>(Instant.EPOCH, "");

    private final Database database;

    public ArchiveGrowth(Database database) {
        this.database = database;
    }

    /**
     * A commit entered a cell.
     *
     * @param draw of its job; absent for the root, and for one that came from another island
     * @param square where the cell lies on the map
     * @param value of the objective, as measured
     */
    public record Entrance(@Nullable Long draw, long square, double value, Instant at, CommitHash commit) {}

    /**
     * A part of how an archive came to be what it is.
     *
     * @param entrances oldest first
     * @param total how many there are in all
     * @param complete whether those that were displaced are among them; otherwise today's elites stand for all
     * @param next where the following part begins; absent on the last
     */
    public record Part(
            List<Entrance> entrances,
            long total,
            boolean complete,
            @Nullable String next) {

        public Part {
            entrances = List.copyOf(entrances);
        }
    }

    /** What follows a place, at most so much. */
    public Part part(IslandKey key, ArchiveMap.Plane plane, String metric, Cursor<String> after, int limit) {
        boolean complete = plane.isGrid() && layouts(key) <= 1;
        Question question =
                complete ? entered(key, plane, metric, after, limit) : placed(key, plane, metric, after, limit);
        List<Entrance> entrances = question.list(ArchiveGrowth::entrance);
        return new Part(
                entrances,
                complete ? enteredInAll(key) : new ArchiveListing(database).occupied(key),
                complete,
                entrances.isEmpty()
                        ? null
                        : Cursor.after(
                                entrances.size() == limit,
                                entrances.getLast().at(),
                                entrances.getLast().commit()));
    }

    private static Entrance entrance(ResultSet rows) throws SQLException {
        return new Entrance(
                whole(rows, "draw"),
                rows.getLong("square"),
                rows.getDouble("value"),
                Objects.requireNonNull(instant(rows, "at")),
                new CommitHash(rows.getString("commit_hash")));
    }

    private long layouts(IslandKey key) {
        return question(key)
                .add(
                        "SELECT %s FROM map_elites_states WHERE experiment_id = ? AND island_id = ?"
                                .formatted(ArchiveListing.VERSION),
                        key.experiment().value(),
                        key.island())
                .number();
    }

    private long enteredInAll(IslandKey key) {
        return question(key)
                .add("SELECT (SELECT count(*)")
                .add(JOBS, key.experiment().value(), key.island())
                .add(") + (SELECT count(*)")
                .add(MIGRANTS, key.experiment().value(), key.island())
                .add(")")
                .number();
    }

    /** Each kind is cut before it is joined, so that a part costs what it holds. */
    private Question entered(IslandKey key, ArchiveMap.Plane plane, String metric, Cursor<String> after, int limit) {
        return question(key)
                .add("SELECT draw, %s AS square, m.value, at, entered.commit_hash FROM (".formatted(plane.square()))
                .add(
                        "(SELECT draw, result_commit_hash AS commit_hash, ingestion_cell_index AS cell_index, ingestion_last_attempt_at AS at")
                .add(JOBS, key.experiment().value(), key.island())
                .add("AND (ingestion_last_attempt_at, result_commit_hash) > (?, ?)", after.moment(), after.row())
                .add("ORDER BY ingestion_last_attempt_at, result_commit_hash LIMIT ?)", limit)
                .add("UNION ALL (SELECT NULL, n.commit_hash, n.cell_index, g.happened_at")
                .add(MIGRANTS, key.experiment().value(), key.island())
                .add("AND (g.happened_at, n.commit_hash) > (?, ?)", after.moment(), after.row())
                .add("ORDER BY g.happened_at, n.commit_hash LIMIT ?)) entered", limit)
                .add("""
                        JOIN commit_cards c ON c.experiment_id = ? AND c.commit_hash = entered.commit_hash
                        JOIN metrics m ON m.commit_card_id = c.id AND m.name = ?
                        ORDER BY at, entered.commit_hash LIMIT ?""", key.experiment().value(), metric, limit);
    }

    /** Of elites that only a new layout placed, when may not be known: then the moment of the commit's card stands for it. */
    private Question placed(IslandKey key, ArchiveMap.Plane plane, String metric, Cursor<String> after, int limit) {
        return question(key)
                .add(
                        """
                        SELECT * FROM (
                            SELECT CASE WHEN coalesce(c.island_id, '%s') = a.island_id THEN j.draw END AS draw, %s AS square, m.value,
                                coalesce(to_timestamp(nullif(a.timestamp, 0)), c.created_at) AS at, a.commit_hash
                            FROM map_elites_archive_cells a
                            JOIN commit_cards c ON c.experiment_id = a.experiment_id AND c.commit_hash = a.commit_hash
                            JOIN metrics m ON m.commit_card_id = c.id AND m.name = ?
                            LEFT JOIN evolution_jobs j ON j.id = c.job_id
                            WHERE a.experiment_id = ? AND a.island_id = ?) placed
                        WHERE (at, commit_hash) > (?, ?) ORDER BY at, commit_hash LIMIT ?""".formatted(IslandKey.DEFAULT_ISLAND, plane.square()),
                        metric,
                        key.experiment().value(),
                        key.island(),
                        after.moment(),
                        after.row(),
                        limit);
    }

    private Question question(IslandKey key) {
        return new Question(database, "the growth of island " + key.island());
    }
}
