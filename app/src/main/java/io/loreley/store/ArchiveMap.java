package io.loreley.store;

import static io.loreley.store.Question.real;

import io.loreley.domain.CommitHash;
import io.loreley.domain.IslandKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The archive of an island as a map of squares: two of its axes, the others folded. The database folds, so that what is sent
 * follows from what can be drawn and not from how many elites there are.
 */
public final class ArchiveMap {

    /** Squares along each side where the archive has no grid of its own. */
    private static final int TESSELLATION_COLUMNS = 16;

    private final Database database;

    public ArchiveMap(Database database) {
        this.database = database;
    }

    /**
     * Which axes are drawn. A square's number is its place across plus its place up times the columns.
     *
     * @param axes how many the archive has, at least one
     * @param columns squares along an axis
     * @param isGrid whether cells are squares of a grid, whose number tells their place; otherwise their measures do
     * @param across from 0
     * @param up from 0; means nothing if there is one axis
     */
    public record Plane(int axes, int columns, boolean isGrid, int across, int up) {

        public Plane {
            if (axes < 1 || columns < 1 || across < 0 || across >= axes || up < 0 || (axes > 1 && up >= axes)) {
                throw new IllegalArgumentException(
                        "no plane of %d axes and %d columns: %d and %d".formatted(axes, columns, across, up));
            }
        }

        public static Plane of(Catalogue.Entry experiment, int across, int up) {
            int columns = experiment.cellsPerDimension();
            return new Plane(
                    Math.max(1, experiment.dimensions()),
                    columns > 0 ? columns : TESSELLATION_COLUMNS,
                    columns > 0,
                    across,
                    up);
        }

        public int rows() {
            return axes == 1 ? 1 : columns;
        }

        /** SQL for the square of a row that has {@code cell_index}, and {@code measures} where there is no grid. */
        String square() {
            return axes == 1 ? place(across) : "%s + %d * %s".formatted(place(across), columns, place(up));
        }

        /** The first axis is the most significant digit of a cell's number. */
        private String place(int axis) {
            if (!isGrid) {
                return "least(%d, greatest(0, floor(measures[%d] * %d)))::bigint"
                        .formatted(columns - 1, axis + 1, columns);
            }
            long weight = 1;
            for (int i = axis + 1; i < axes; i++) {
                weight *= columns;
            }
            return "(cell_index / %d %% %d)".formatted(weight, columns);
        }
    }

    /** What gives a square its colour: the most of it that an elite of the square has. */
    public enum Shade {
        /** Oriented: higher is better. */
        OBJECTIVE("objective"),
        /** Seconds since the epoch. */
        PLACED("timestamp");

        private final String column;

        Shade(String column) {
            this.column = column;
        }
    }

    /** The squares that hold something, by their numbers: how many elites, and what shades them; null if nothing does. */
    public record Squares(List<Long> squares, List<Integer> elites, List<@Nullable Double> shades) {

        private Squares() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        private void add(ResultSet rows) throws SQLException {
            squares.add(rows.getLong("square"));
            elites.add(rows.getInt("elites"));
            shades.add(real(rows, "shade"));
        }

        /** The number of the square with the best shade, the first of several; null if nothing shades any. */
        public @Nullable Long best(boolean higherIsBetter) {
            Long best = null;
            double shade = 0;
            for (int i = 0; i < squares.size(); i++) {
                Double other = shades.get(i);
                if (other != null && (best == null || (higherIsBetter ? other > shade : other < shade))) {
                    best = squares.get(i);
                    shade = other;
                }
            }
            return best;
        }
    }

    public Squares squares(IslandKey key, Plane plane, Shade shade) {
        Squares squares = new Squares();
        new Question(database, "the map of island " + key.island())
                .add(
                        """
                        SELECT %s AS square, count(*) AS elites, max(%s) AS shade FROM map_elites_archive_cells
                        WHERE experiment_id = ? AND island_id = ? GROUP BY 1 ORDER BY 1""".formatted(plane.square(), shade.column),
                        key.experiment().value(),
                        key.island())
                .each(squares::add);
        return squares;
    }

    /** Shaded by a metric: by the best of it. */
    public Squares squares(IslandKey key, Plane plane, String metric, boolean higherIsBetter) {
        Squares squares = new Squares();
        new Question(database, "the map of island " + key.island())
                .add(
                        """
                        SELECT %s AS square, count(*) AS elites, %s(m.value) AS shade FROM map_elites_archive_cells a
                        LEFT JOIN commit_cards c ON c.experiment_id = a.experiment_id AND c.commit_hash = a.commit_hash
                        LEFT JOIN metrics m ON m.commit_card_id = c.id AND m.name = ?
                        WHERE a.experiment_id = ? AND a.island_id = ? GROUP BY 1 ORDER BY 1""".formatted(plane.square(), higherIsBetter ? "max" : "min"),
                        metric,
                        key.experiment().value(),
                        key.island())
                .each(squares::add);
        return squares;
    }

    /**
     * An elite of a square.
     *
     * @param objective oriented: higher is better
     */
    public record Occupant(
            CommitHash commit, String subject, long cell, double objective, List<Double> measures, double placedAt) {

        public Occupant {
            measures = List.copyOf(measures);
        }
    }

    /** The elites of a square, best first. */
    public List<Occupant> occupants(IslandKey key, Plane plane, long square, int most) {
        return new Question(database, "a square of island " + key.island())
                .add("""
                        SELECT a.commit_hash, coalesce(c.subject, '') AS subject, cell_index, objective, measures, timestamp
                        FROM map_elites_archive_cells a
                        LEFT JOIN commit_cards c ON c.experiment_id = a.experiment_id AND c.commit_hash = a.commit_hash
                        WHERE a.experiment_id = ? AND a.island_id = ? AND %s = ? ORDER BY objective DESC, cell_index LIMIT ?""".formatted(plane.square()), key.experiment().value(), key.island(), square, most)
                .list(rows -> new Occupant(
                        new CommitHash(rows.getString("commit_hash")),
                        rows.getString("subject"),
                        rows.getLong("cell_index"),
                        rows.getDouble("objective"),
                        ArchiveListing.doubles(rows.getArray("measures")),
                        rows.getDouble("timestamp")));
    }
}
