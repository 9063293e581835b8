package io.loreley.store;

import static io.loreley.store.Question.instant;
import static io.loreley.store.Question.real;
import static io.loreley.store.Question.texts;
import static io.loreley.store.Question.uuid;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobId;
import io.loreley.domain.LoreleyException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The recorded commits of an experiment, for those who look at them. */
public final class CardListing {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String LINE = """
            SELECT c.id, c.commit_hash, c.parent_commit_hash, c.island_id, c.job_id, c.author, c.subject, c.change_summary,
                c.evaluation_summary, c.verdict, c.verdict_stage, c.verdict_reason, c.tags, c.key_files, c.highlights, c.created_at,
                (SELECT m.value FROM metrics m WHERE m.commit_card_id = c.id AND m.name = ?) AS objective,
                EXISTS (SELECT FROM map_elites_archive_cells a WHERE a.experiment_id = c.experiment_id
                    AND a.commit_hash = c.commit_hash) AS elite
            FROM commit_cards c""";

    /** Points that stand for a stretch of them; an even number, at least 4. */
    private static final int OF_A_STRETCH = 4;

    private final Database database;

    public CardListing(Database database) {
        this.database = database;
    }

    /**
     * A commit as its card describes it.
     *
     * @param verdict whether it may compete: ACCEPTED, GATE_FAILED or CONSTRAINT_VIOLATED
     * @param verdictStage the stage after which it was stopped; absent unless a gate failed
     * @param verdictReason why it may not compete; absent if it may
     * @param elite whether it holds a cell, of any island
     */
    public record Line(
            UUID id,
            CommitHash commit,
            @Nullable String parent,
            @Nullable String island,
            @Nullable JobId job,
            @Nullable String author,
            String subject,
            String changeSummary,
            @Nullable String evaluationSummary,
            String verdict,
            @Nullable String verdictStage,
            @Nullable String verdictReason,
            List<String> tags,
            List<String> keyFiles,
            List<String> highlights,
            @Nullable Double objective,
            boolean elite,
            @Nullable Instant createdAt) {

        public Line {
            tags = List.copyOf(tags);
            keyFiles = List.copyOf(keyFiles);
            highlights = List.copyOf(highlights);
        }
    }

    /**
     * One measured value.
     *
     * @param deviation the standard deviation of a single measurement; 0 if there was one only
     */
    public record Value(
            String name,
            double value,
            @Nullable String unit,
            boolean higherIsBetter,
            int samples,
            double deviation,
            JsonNode details) {}

    /** Which commits. What is absent does not filter. */
    public record Filter(
            ExperimentId experiment,
            @Nullable String island,
            @Nullable String text) {}

    /** One page, newest first. */
    public Page<Line> page(Filter filter, String metric, @Nullable Cursor<UUID> from, int limit) {
        Question question = where(new Question(database, "the commits").add(LINE, metric), filter);
        if (from != null) {
            question.add("AND (c.created_at, c.id) < (?, ?)", from.moment(), from.row());
        }
        List<Line> lines = question.add("ORDER BY c.created_at DESC, c.id DESC LIMIT ?", limit + 1)
                .list(CardListing::line);
        boolean more = lines.size() > limit;
        List<Line> shown = more ? lines.subList(0, limit) : lines;
        String next = shown.isEmpty()
                ? null
                : Cursor.after(
                        more, shown.getLast().createdAt(), shown.getLast().id());
        return new Page<>(shown, total(filter), next);
    }

    /** All of an experiment are counted from an index alone. */
    private long total(Filter filter) {
        boolean filtered = filter.island != null || filter.text != null;
        return where(
                        new Question(database, "the commits").add("SELECT count(*) FROM (SELECT FROM commit_cards c"),
                        filter)
                .add("LIMIT ?) counted", filtered ? Page.COUNTED : Long.MAX_VALUE)
                .number();
    }

    private static Question where(Question question, Filter filter) {
        question.add("WHERE c.experiment_id = ?", filter.experiment.value())
                .addIf(filter.island, "AND c.island_id = ?");
        if (filter.text != null) {
            String pattern = "%" + filter.text.replaceAll("([\\\\%_])", "\\\\$1") + "%";
            question.add(
                    "AND (c.subject ILIKE ? OR c.change_summary ILIKE ? OR c.commit_hash LIKE ?)",
                    pattern,
                    pattern,
                    pattern);
        }
        return question;
    }

    /**
     * By a full hash or at least four of its first digits.
     *
     * @throws LoreleyException of kind CONFIGURATION if several begin so
     */
    public Optional<Line> find(ExperimentId experiment, String hash, String metric) {
        List<Line> found = new Question(database, "commit " + hash)
                .add(LINE, metric)
                .add("WHERE c.experiment_id = ? AND", experiment.value())
                .beginsWith("c.commit_hash", hash)
                .add("LIMIT 2")
                .list(CardListing::line);
        if (found.size() > 1) {
            throw Controls.ambiguousCommit(hash);
        }
        return found.stream().findFirst();
    }

    /** The best commit so far. */
    public Optional<CommitHash> best(ExperimentId experiment) {
        return new Question(database, "the best commit")
                .add(
                        "SELECT commit_hash FROM best_history best WHERE experiment_id = ? AND %s ORDER BY objective DESC LIMIT 1"
                                .formatted(Marks.NOT_BANNED.formatted("best")),
                        experiment.value())
                .first(rows -> new CommitHash(rows.getString(1)));
    }

    /** How many commits were built on one. */
    public long children(ExperimentId experiment, CommitHash commit) {
        return new Question(database, "the children of " + commit)
                .add(
                        "SELECT count(*) FROM commit_cards WHERE experiment_id = ? AND parent_commit_hash = ?",
                        experiment.value(),
                        commit.value())
                .number();
    }

    /** The commits that were built on one, oldest first. */
    public List<Line> children(ExperimentId experiment, CommitHash commit, String metric, int limit) {
        return new Question(database, "the children of " + commit)
                .add(LINE, metric)
                .add(
                        "WHERE c.experiment_id = ? AND c.parent_commit_hash = ? ORDER BY c.created_at LIMIT ?",
                        experiment.value(),
                        commit.value(),
                        limit)
                .list(CardListing::line);
    }

    /** A commit and those it descends from, youngest first, up to a recorded commit without a recorded parent. */
    public List<Line> ancestry(ExperimentId experiment, CommitHash commit, String metric, int limit) {
        return new Question(database, "the ancestors of " + commit)
                .add("""
                        WITH RECURSIVE line AS (
                            SELECT commit_hash, parent_commit_hash, 0 AS depth FROM commit_cards WHERE experiment_id = ? AND commit_hash = ?
                            UNION ALL
                            SELECT p.commit_hash, p.parent_commit_hash, depth + 1 FROM line
                            JOIN commit_cards p ON p.experiment_id = ? AND p.commit_hash = line.parent_commit_hash WHERE depth < ?)
                        """, experiment.value(), commit.value(), experiment.value(), limit)
                .add(LINE, metric)
                .add(
                        "JOIN line ON line.commit_hash = c.commit_hash WHERE c.experiment_id = ? ORDER BY line.depth",
                        experiment.value())
                .list(CardListing::line);
    }

    public List<Value> metrics(UUID card) {
        return new Question(database, "the metrics of a commit")
                .add(
                        "SELECT name, value, unit, higher_is_better, samples, deviation, details FROM metrics WHERE commit_card_id = ? ORDER BY name",
                        card)
                .list(rows -> new Value(
                        rows.getString("name"),
                        rows.getDouble("value"),
                        rows.getString("unit"),
                        rows.getBoolean("higher_is_better"),
                        rows.getInt("samples"),
                        rows.getDouble("deviation"),
                        JSON.readTree(rows.getString("details"))));
    }

    /** The metrics of an experiment's newest commits, by name, and which way the evaluator says that they get better. */
    public SequencedMap<String, Direction> metrics(ExperimentId experiment) {
        SequencedMap<String, Direction> metrics = new LinkedHashMap<>();
        new Question(database, "the metrics")
                .add("""
                        SELECT m.name, bool_and(m.higher_is_better) AS higher FROM metrics m JOIN (
                            SELECT id FROM commit_cards WHERE experiment_id = ? ORDER BY created_at DESC LIMIT 20) c
                        ON c.id = m.commit_card_id GROUP BY m.name ORDER BY m.name""", experiment.value())
                .each(rows -> metrics.put(rows.getString("name"), Direction.of(rows.getBoolean("higher"))));
        return metrics;
    }

    /** Every metric of every commit, oldest first, one by one. */
    public void eachMetric(ExperimentId experiment, MetricVisitor visitor) {
        new Question(database, "the metrics")
                .add("""
                        SELECT c.commit_hash, m.name, m.value, m.unit, m.higher_is_better FROM commit_cards c
                        JOIN metrics m ON m.commit_card_id = c.id WHERE c.experiment_id = ? ORDER BY c.created_at, c.id, m.name""", experiment.value())
                .each(rows -> visitor.visit(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getDouble(3),
                        rows.getString(4),
                        rows.getBoolean(5)));
    }

    /** Looks at one metric of one commit. */
    public interface MetricVisitor {
        void visit(String commit, String name, double value, @Nullable String unit, boolean higherIsBetter);
    }

    /**
     * A measured commit on the way of an experiment.
     *
     * @param accepted whether it may compete; one that may not is never the best, whatever its value
     */
    public record Point(long number, @Nullable Instant at, double value, String commit, boolean accepted) {}

    /**
     * The objective over the jobs, oldest first. Of more than {@code most}, those with the extremes of each stretch are
     * kept, so that the cloud keeps its outline and the best so far its height, and the newest.
     */
    public List<Point> points(ExperimentId experiment, String metric, int most) {
        List<Point> all = new ArrayList<>();
        new Question(database, "the measured commits")
                .add("""
                        SELECT row_number() OVER (ORDER BY c.created_at, c.id) - 1 AS number, c.created_at, m.value, c.commit_hash,
                            c.verdict = 'ACCEPTED' AS accepted
                        FROM commit_cards c JOIN metrics m ON m.commit_card_id = c.id AND m.name = ?
                        WHERE c.experiment_id = ? ORDER BY c.created_at, c.id""", metric, experiment.value())
                .each(rows -> all.add(new Point(
                        rows.getLong("number"),
                        instant(rows, "created_at"),
                        rows.getDouble("value"),
                        rows.getString("commit_hash").substring(0, 12),
                        rows.getBoolean("accepted"))));
        return thinned(all, most);
    }

    static List<Point> thinned(List<Point> all, int most) {
        if (all.size() <= most) {
            return all;
        }
        List<Point> kept = new ArrayList<>();
        int stretches = (most - 1) / OF_A_STRETCH;
        for (int i = 0; i < stretches; i++) {
            List<Point> stretch = all.subList(
                    (int) ((long) all.size() * i / stretches), (int) ((long) all.size() * (i + 1) / stretches));
            kept.addAll(outline(stretch));
        }
        if (!kept.getLast().equals(all.getLast())) {
            kept.add(all.getLast());
        }
        return kept;
    }

    /** The extremes of a stretch, and values between them; where some may not compete, the extremes of either kind. */
    private static List<Point> outline(List<Point> stretch) {
        Map<Boolean, List<Point>> byVerdict = stretch.stream()
                .sorted(Comparator.comparingDouble(Point::value))
                .collect(Collectors.groupingBy(Point::accepted));
        int each = OF_A_STRETCH / byVerdict.size();
        return byVerdict.values().stream()
                .flatMap(sorted -> IntStream.range(0, each)
                        .map(i -> i * (sorted.size() - 1) / (each - 1))
                        .distinct()
                        .mapToObj(sorted::get))
                .sorted(Comparator.comparingLong(Point::number))
                .toList();
    }

    /** Every commit, oldest first, one by one. */
    public void each(ExperimentId experiment, String metric, Consumer<Line> visitor) {
        new Question(database, "the commits")
                .add(LINE, metric)
                .add("WHERE c.experiment_id = ? ORDER BY c.created_at, c.id", experiment.value())
                .each(rows -> visitor.accept(line(rows)));
    }

    private static Line line(ResultSet rows) throws SQLException {
        UUID job = rows.getObject("job_id", UUID.class);
        return new Line(
                uuid(rows, "id"),
                new CommitHash(rows.getString("commit_hash")),
                rows.getString("parent_commit_hash"),
                rows.getString("island_id"),
                job == null ? null : new JobId(job),
                rows.getString("author"),
                rows.getString("subject"),
                rows.getString("change_summary"),
                rows.getString("evaluation_summary"),
                rows.getString("verdict"),
                rows.getString("verdict_stage"),
                rows.getString("verdict_reason"),
                texts(rows, "tags"),
                texts(rows, "key_files"),
                texts(rows, "highlights"),
                real(rows, "objective"),
                rows.getBoolean("elite"),
                instant(rows, "created_at"));
    }
}
