package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.Objective;
import io.loreley.domain.ParetoFront;
import io.loreley.mapelites.Vector;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
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
     * @param total how many compete; commits that lack one of the metrics do not
     * @param front best in the first objective first
     * @param sample of all of them, front or not, evenly over time and oldest first
     */
    public record Found(int total, List<Point> front, List<Point> sample) {
        public Found {
            front = List.copyOf(front);
            sample = List.copyOf(sample);
        }
    }

    /** Best in the first objective first. Commits that lack one of the metrics are left out. */
    public List<Point> front(ExperimentId experiment, Objective objective) {
        return of(experiment, objective, 0).front();
    }

    /**
     * The front, and some of those that compete for it.
     *
     * @param most at least 0: so many, at the most, are in the sample
     */
    public Found of(ExperimentId experiment, Objective objective, int most) {
        Map<String, Direction> aims = new LinkedHashMap<>();
        aims.put(objective.metric(), objective.direction());
        objective.also().forEach(aim -> aims.put(aim.metric(), aim.direction()));
        List<String> names = List.copyOf(aims.keySet());
        List<Direction> directions = List.copyOf(aims.values());
        return Sql.ask(database, connection -> {
            List<Rival> all = rivals(connection, experiment, names);
            List<Rival> front = ParetoFront.of(all, rival -> oriented(rival.values(), directions));
            List<Rival> sample = sample(all, most);
            Map<UUID, Card> cards = cards(connection, front, sample);
            return new Found(all.size(), points(front, names, cards), points(sample, names, cards));
        });
    }

    private static double[] oriented(Vector values, List<Direction> directions) {
        double[] oriented = new double[directions.size()];
        for (int i = 0; i < oriented.length; i++) {
            oriented[i] = directions.get(i).oriented(values.get(i));
        }
        return oriented;
    }

    private static List<Rival> sample(List<Rival> all, int most) {
        if (most == 0) {
            return List.of();
        }
        int stride = Math.ceilDiv(Math.max(1, all.size()), most);
        List<Rival> sample = new ArrayList<>();
        for (int i = 0; i < all.size(); i += stride) {
            sample.add(all.get(i));
        }
        return sample;
    }

    /**
     * Metric by metric: to gather the metrics of each commit takes the database twice as long. Of most of them nobody wants to
     * know more.
     */
    private static List<Rival> rivals(Connection connection, ExperimentId experiment, List<String> names)
            throws SQLException {
        StringBuilder columns = new StringBuilder();
        StringBuilder joins = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            columns.append(", m%d.value".formatted(i));
            joins.append(" JOIN metrics m%1$d ON m%1$d.commit_card_id = c.id AND m%1$d.name = ?".formatted(i));
        }
        List<@Nullable Object> values = new ArrayList<>(names);
        values.add(experiment.value());
        return Sql.rows(connection, row -> rival(row, names.size()), """
                SELECT c.id%s FROM commit_cards c%s
                WHERE c.experiment_id = ? AND c.verdict = 'ACCEPTED' ORDER BY c.created_at, c.id""".formatted(columns, joins), values.toArray());
    }

    private static Rival rival(ResultSet row, int metrics) throws SQLException {
        double[] values = new double[metrics];
        for (int i = 0; i < metrics; i++) {
            values[i] = row.getDouble(i + 2);
        }
        return new Rival(row.getObject(1, UUID.class), Vector.of(values));
    }

    private static Map<UUID, Card> cards(Connection connection, List<Rival> front, List<Rival> sample)
            throws SQLException {
        UUID[] wanted = Stream.concat(front.stream(), sample.stream())
                .map(Rival::card)
                .distinct()
                .toArray(UUID[]::new);
        Map<UUID, Card> cards = new HashMap<>();
        Sql.rows(
                        connection,
                        row -> new Card(
                                row.getObject(1, UUID.class), new CommitHash(row.getString(2)), row.getString(3)),
                        "SELECT id, commit_hash, subject FROM commit_cards WHERE id = ANY (?)",
                        (Object) wanted)
                .forEach(card -> cards.put(card.id(), card));
        return cards;
    }

    /** Without those that were deleted since they were found. */
    private static List<Point> points(List<Rival> rivals, List<String> names, Map<UUID, Card> cards) {
        List<Point> points = new ArrayList<>();
        for (Rival rival : rivals) {
            Card card = cards.get(rival.card());
            if (card != null) {
                Map<String, Double> byName = new LinkedHashMap<>();
                for (int i = 0; i < names.size(); i++) {
                    byName.put(names.get(i), rival.values().get(i));
                }
                points.add(new Point(card.commit(), card.subject(), byName));
            }
        }
        return points;
    }

    /**
     * A commit that competes.
     *
     * @param values metric by metric
     */
    private record Rival(UUID card, Vector values) {}

    private record Card(UUID id, CommitHash commit, String subject) {}
}
