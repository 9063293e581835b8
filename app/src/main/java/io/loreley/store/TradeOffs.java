package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.Objective;
import io.loreley.domain.ParetoFront;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Pareto front of an experiment: the commits that are best in some trade-off between its objectives. */
public final class TradeOffs {

    private final Database database;

    public TradeOffs(Database database) {
        this.database = database;
    }

    /**
     * A commit that may compete.
     *
     * @param values by metric, in the order of the objective's
     */
    public record Point(CommitHash commit, String subject, Map<String, Double> values) {
        public Point {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }

    /**
     * Who competes, and who of them no other beats.
     *
     * @param points oldest first; commits that lack one of the metrics are left out
     * @param front best in the first objective first
     */
    public record Found(List<Point> points, List<Point> front) {
        public Found {
            points = List.copyOf(points);
            front = List.copyOf(front);
        }
    }

    /** Best in the first objective first. Commits that lack one of the metrics are left out. */
    public List<Point> front(ExperimentId experiment, Objective objective) {
        return of(experiment, objective).front();
    }

    public Found of(ExperimentId experiment, Objective objective) {
        Map<String, Direction> aims = new LinkedHashMap<>();
        aims.put(objective.metric(), objective.direction());
        objective.also().forEach(aim -> aims.put(aim.metric(), aim.direction()));
        List<Point> points = points(experiment, aims);
        return new Found(
                points,
                ParetoFront.of(
                        points,
                        point -> aims.entrySet().stream()
                                .mapToDouble(aim ->
                                        aim.getValue().oriented(point.values().getOrDefault(aim.getKey(), 0.0)))
                                .toArray()));
    }

    /** Metric by metric: to gather the metrics of each commit takes the database twice as long. */
    private List<Point> points(ExperimentId experiment, Map<String, Direction> aims) {
        List<String> names = List.copyOf(aims.keySet());
        StringBuilder columns = new StringBuilder();
        StringBuilder joins = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            columns.append(", m%d.value".formatted(i));
            joins.append(" JOIN metrics m%1$d ON m%1$d.commit_card_id = c.id AND m%1$d.name = ?".formatted(i));
        }
        List<@Nullable Object> values = new ArrayList<>(names);
        values.add(experiment.value());
        return Sql.ask(
                database,
                connection -> Sql.rows(
                        connection, row -> point(row, names), """
                        SELECT c.commit_hash, c.subject%s FROM commit_cards c%s
                        WHERE c.experiment_id = ? AND c.verdict = 'ACCEPTED' ORDER BY c.created_at, c.id""".formatted(columns, joins), values.toArray()));
    }

    private static Point point(ResultSet row, List<String> metrics) throws SQLException {
        Map<String, Double> byName = new LinkedHashMap<>();
        for (int i = 0; i < metrics.size(); i++) {
            byName.put(metrics.get(i), row.getDouble(i + 3));
        }
        return new Point(new CommitHash(row.getString(1)), row.getString(2), byName);
    }
}
